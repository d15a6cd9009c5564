"""The card that shows an `Alternatives`: a small cutout for each result, of which a click takes one."""

from core.dom import by_id, document, element, object_of, on
from core.i18n import on_language_change, t


class AlternativesCard:
    """Thumbnails of the other networks' cutouts, and the button that requests them."""

    def __init__(self, alternatives, close_tools):
        """
        Args:
            alternatives: the `Alternatives`.
            close_tools: function that closes the open tool, which covers the card on a phone.
        """
        self._alternatives, self._close_tools = alternatives, close_tools
        self._card, self._text = by_id("alternatives"), by_id("alternatives-text")
        self._list = by_id("alternatives-list")
        self._note, self._more, self._stop = (
            by_id("alternatives-note"),
            by_id("alternatives-more"),
            by_id("alternatives-stop"),
        )
        self._open = by_id("alternatives-open")
        self._pictures = []  # as they are in the list
        self._buttons = []
        on(self._open, "click", lambda event: self._request())
        on(by_id("alternatives-close"), "click", lambda event: alternatives.dismiss())
        on(self._more, "click", lambda event: alternatives.fetch())
        on(self._stop, "click", lambda event: alternatives.stop())
        alternatives.changed.connect(self._show)
        on_language_change(self._show)

    def _request(self):
        self._close_tools()
        self._alternatives.request()
        self._card.focus(object_of(preventScroll=True))

    def _show(self):
        shown, card = self._alternatives, self._card
        card.hidden = not shown.is_shown
        document.body.dataset.doubtful = "yes" if shown.is_doubtful else "no"
        if not shown.is_shown:
            self._list.replaceChildren()
            self._pictures, self._buttons = [], []
            return
        if self._text.textContent != shown.text:  # it is read out when it changes
            self._text.textContent = shown.text
        pictures = [result.picture for result in shown.results]
        if pictures != self._pictures or len(self._buttons) != len(shown.results):
            self._fill(shown.results, pictures)
        for button, result, number in zip(self._buttons, shown.results, range(1, len(pictures) + 1)):
            name = t("alternatives.result", number=number, count=len(pictures), title=result.title)
            button.setAttribute("aria-label", name)
            button.title = result.title
            button.setAttribute("aria-pressed", "true" if result.model == shown.current else "false")
        self._list.dataset.state = shown.state
        self._note.textContent, self._more.textContent = shown.note, shown.offer
        self._more.hidden, self._stop.hidden = not shown.offer, shown.state != "loading"

    def _fill(self, results, pictures):
        self._pictures, self._buttons, rows = pictures, [], []
        for result in results:
            picture = element("img", "", alt="", src=result.picture)
            button = element("button", "", picture, type="button", class_="result")
            self._listen(button, result.model)
            self._buttons.append(button)
            rows.append(element("li", "", button))
        self._list.replaceChildren(*rows)

    def _listen(self, button, model):
        on(button, "click", lambda event: self._alternatives.choose(model))
