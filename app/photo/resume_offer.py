"""Work from an earlier visit, or from before a crash: offered on the empty page, and thrown away when a person says so."""

import js
from core.dom import by_id, document, on
from core.i18n import t


class ResumeOffer:
    """`on_resume()` is called when the person wants to go on with it."""

    def __init__(self, questions, notice, on_resume):
        self._questions, self._notice = questions, notice
        self._offer = by_id("resume")
        on(by_id("resume-go"), "click", lambda event: self._resume(on_resume))
        on(by_id("resume-away"), "click", lambda event: self._forget())
        on(by_id("throw-away"), "click", lambda event: self._forget())

    def look(self):
        """Offer what is kept, if anything is and no photo has been chosen meanwhile."""
        self._questions.ask("edit_kept", then=self._found)

    def withdraw(self):
        """A photo was chosen: the offer is over. The work itself goes with the first change to the new photo."""
        self._offer.hidden = True

    def offer(self):
        """Offer what was kept of a photo that the worker has lost."""
        self._offer.hidden = False

    def _found(self, answer):
        if hasattr(answer.kept, "width") and document.body.dataset.state == "empty":
            self.offer()

    def _resume(self, on_resume):
        self.withdraw()
        on_resume()

    def _forget(self):
        if js.confirm(t("history.sure")):
            self.withdraw()
            self._questions.ask("edit_forget", then=lambda answer: self._notice.info(t("said.forgotten")))
