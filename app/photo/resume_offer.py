"""Work from an earlier visit, or from before a crash: offered on the empty page, and thrown away when a person says so."""

import js
from core.dom import by_id, document, on
from core.i18n import t


class ResumeOffer:
    """`on_resume()` is called when the person wants to go on with it."""

    def __init__(self, engine, requests, notice, on_resume):
        self._engine, self._requests, self._notice = engine, requests, notice
        self._offer = by_id("resume")
        on(by_id("resume-go"), "click", lambda event: self._resume(on_resume))
        on(by_id("resume-away"), "click", lambda event: self._forget())
        on(by_id("throw-away"), "click", lambda event: self._forget())

    def look(self):
        """Offer what is kept, if anything is and no photo has been chosen meanwhile."""
        self._requests.submit(self._engine.find_saved_work, on_success=self._found, quiet=True)

    def withdraw(self):
        """A photo was chosen: the offer is over. The work itself goes with the first change to the new photo."""
        self._offer.hidden = True

    def offer(self):
        """Offer what was kept of a photo that the worker has lost."""
        self._offer.hidden = False

    def _found(self, answer):
        if answer.is_found and document.body.dataset.state == "empty":
            self.offer()

    def _resume(self, on_resume):
        self.withdraw()
        on_resume()

    def _forget(self):
        if js.confirm(t("history.sure")):
            self.withdraw()
            self._requests.submit(self._engine.discard_work, on_success=self._discarded, quiet=True)

    def _discarded(self, answer):
        self._notice.info(t("said.forgotten"))
