"""Messages for the person: errors (shown and read out at once), news that stays, and toasts that go by themselves."""

import js

from core.dom import JsException, attempt, by_id, document, element, on
from core.errors import has_details, report_of
from core.i18n import t
from core.log import log
from core.tasks import spawn
from core.toast import Toast


class Notice:
    """One message at a time; a person can close it, and copy the details of an error that was not foreseen."""

    def __init__(self):
        self._box = by_id("notice")
        self._text = by_id("notice-text")
        self._copy, self._again = by_id("notice-copy"), by_id("notice-again")
        self._status = by_id("said")
        self._error = self._try = None
        self._toast = Toast()
        ToastBox(self._toast)
        on(by_id("notice-close"), "click", lambda event: self.clear())
        on(self._copy, "click", lambda event: spawn(self._copy_details()))
        on(self._again, "click", lambda event: self._try_again())

    def error(self, text, error=None, again=None):
        """Show what went wrong and what to do.

        `error` is what may have more details; `again()` is what a button calls that tries once more.
        """
        self._box.dataset.kind = "error"
        self._show(text)
        self._error = error
        self._copy.hidden = not (has_details(error) and _has_clipboard())
        self._copy.textContent = t("notice.copy")
        self._try, self._again.hidden = again, again is None

    def info(self, text):
        """Show something worth knowing that is not an error."""
        self._box.dataset.kind = "news"
        self._show(text)

    def toast(self, text, action=None):
        """Say something in passing, on the screen and to screen readers. It goes away by itself.

        `action` is (label, callback): what its button says and does. It must be reachable elsewhere, too.
        """
        self._toast.show(text, action)
        self.announce(f"{text} {action[0]}" if action else text)

    def drop_toast(self):
        """Take what was said in passing away."""
        self._toast.dismiss()

    def announce(self, text):
        """Say something to screen readers alone; on the screen it can be seen already."""
        self._status.textContent = text

    def clear(self):
        """Take the message away."""
        self._box.hidden = self._copy.hidden = self._again.hidden = True
        self._text.textContent = ""
        self._error = self._try = None

    def _try_again(self):
        again = self._try
        self.clear()
        if again:
            again()

    def _show(self, text):
        self.clear()
        self._text.textContent = text
        self._box.hidden = False

    async def _copy_details(self):
        text = report_of(self._error, js.offcut.version, js.navigator.userAgent)
        try:
            await attempt(js.navigator.clipboard, "writeText", text)
        except JsException as error:  # the browser or the person does not allow it
            log.warning("The details could not be copied", cause=error)
            return
        self._copy.textContent = t("notice.copied")
        self.announce(t("notice.copied"))


class ToastBox:
    """Shows a `Toast` on the stage. The focus returns to where it was before it came here."""

    def __init__(self, toast):
        self._toast, self._box = toast, by_id("toast")
        self._text = by_id("toast-text")
        self._action = element("button", "", type="button", id="toast-action", class_="button small")
        self._before = None  # had the focus before
        toast.changed.connect(self._show)
        on(self._action, "click", lambda event: toast.act())
        on(self._text, "click", lambda event: toast.dismiss())
        on(self._box, "keydown", self._on_key)
        on(self._box, "mouseenter", lambda event: toast.hold("pointer"))
        on(self._box, "mouseleave", lambda event: toast.let_go("pointer"))
        on(self._box, "focusin", self._on_focus)
        on(self._box, "focusout", lambda event: toast.let_go("focus"))
        on(document, "visibilitychange", lambda event: self._on_visibility())

    def _show(self):
        toast, box = self._toast, self._box
        if not toast.text and box.contains(document.activeElement):
            self._return_focus()
        self._text.textContent, self._action.textContent = toast.text, toast.label
        box.hidden = not toast.text
        if toast.label:
            box.append(self._action)
        else:
            self._action.remove()
        if toast.text:
            self._on_visibility()

    def _return_focus(self):
        before, self._before = self._before, None
        if before and before.isConnected:
            before.focus()

    def _on_focus(self, event):
        self._before = event.relatedTarget
        self._toast.hold("focus")

    def _on_key(self, event):
        if event.key == "Escape":
            event.stopPropagation()  # a tool that is open stays open
            self._toast.dismiss()

    def _on_visibility(self):
        if document.visibilityState == "hidden":
            self._toast.hold("hidden")
        else:
            self._toast.let_go("hidden")


def _has_clipboard():
    """Whether there is one: not on plain http."""
    return bool(getattr(js.navigator, "clipboard", None))
