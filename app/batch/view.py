"""The list of a batch on the page, and its buttons."""

import js
from core.dom import by_id, document, element, on
from core.i18n import error_text, on_language_change, t
from core.tasks import spawn
from editor.browser import make_frame_request

from batch import texts
from batch.batch import CANCELLED, DONE, REFUSED, WAITING, WORKING

SHOWN = 5
"""Refused photos, and photos to look at, that the summary names; the list has all of them."""

_CLOSE = "×"


class BatchView:
    """Shows a `Batch`. What a person presses is passed on to `actions`."""

    def __init__(self, batch, runner, results, actions):
        """
        Args:
            batch: the `Batch`.
            runner: the `BatchRunner`.
            results: the `BatchResults`.
            actions: functions by name, those of `_BUTTONS` without arguments, and `open`, `retry`, `cancel`, `remove`
                with a photo.
        """
        self._batch, self._runner, self._results, self._actions = batch, runner, results, actions
        self._list, self._title, self._status = by_id("batch-list"), by_id("batch-title"), by_id("batch-status")
        self._bar, self._summary = by_id("batch-bar"), by_id("batch-summary")
        self._end, self._refusals = by_id("batch-end"), by_id("batch-refusals")
        self._unsure = by_id("batch-unsure")
        self._buttons = {}
        for name in ("pause", "cancel", "retry", "add", "add-folder", "save", "folder", "close", "back"):
            self._buttons[name] = by_id("batch-" + name)
            self._connect(name)
        self._cards = {}  # by number of the photo
        batch.listed.connect(self._show_list)
        batch.photo_changed.connect(self._show_photo)
        self._is_due = False  # a frame is requested in which the counts are shown
        self._request_frame = make_frame_request(self._on_frame)
        batch.changed.connect(self._show_later)
        results.changed.connect(self._show_later)
        on_language_change(self._show_all)

    def focus_title(self):
        """Have the keys and the screen reader at the top of the list."""
        self._title.focus()

    def focus_photo(self, photo):
        """Have the focus on a photo of the list."""
        card = self._cards.get(photo.number)
        if card:
            card.open.focus()

    def _connect(self, name):
        on(self._buttons[name], "click", lambda event: self._actions[name]())

    def _show_later(self):
        if not self._is_due:
            self._is_due = True
            self._request_frame()

    def _on_frame(self):
        self._is_due = False
        self._show()

    def _show_all(self):
        for photo in self._batch.photos:
            self._show_photo(photo)
        self._show()

    def _show_list(self):
        kept = {}
        for photo in self._batch.photos:
            card = self._cards.get(photo.number)
            if card is None or card.photo is not photo:
                card = Card(photo, self._actions)
                card.show()
            kept[photo.number] = card
        self._cards = kept
        # Not `kept.values()`: MicroPython's dictionaries have no order.
        self._list.replaceChildren(*[kept[photo.number].element for photo in self._batch.photos])

    def _show_photo(self, photo):
        card = self._cards.get(photo.number)
        if card:
            card.show()

    def _show(self):
        batch, results, buttons = self._batch, self._results, self._buttons
        if not batch.photos:
            return
        self._title.textContent = texts.title(batch)
        self._status.textContent = texts.status(batch, self._runner.is_held)
        self._bar.max, self._bar.value = len(batch.photos), len(batch.photos) - batch.count(WAITING, WORKING)
        buttons["pause"].hidden = buttons["cancel"].hidden = not batch.is_going
        is_left = batch.count(WAITING, WORKING) > len([photo for photo in batch.finished() if photo.state != DONE])
        buttons["cancel"].textContent = t("batch.cancel" if is_left else "batch.cancel.better")
        buttons["pause"].textContent = t("batch.resume" if batch.is_paused else "batch.pause")
        buttons["retry"].hidden = not batch.count(REFUSED, CANCELLED)
        done = len(batch.finished())
        if results.is_saving:
            buttons["save"].textContent = t("batch.saving", done=results.done, count=results.total)
        else:
            buttons["save"].textContent = t("batch.save", count=done) if done else t("batch.save.none")
        for name in ("save", "folder"):
            buttons[name].disabled = results.is_saving or not done
        self._show_summary()

    def _show_summary(self):
        text = texts.summary(self._batch)
        self._summary.hidden = not text
        if self._end.textContent != text:
            self._end.textContent = text
        refused = self._batch.of(REFUSED) if text else []
        rows = [element("li", "", element("strong", photo.path), " " + error_text(photo.error)) for photo in refused]
        self._refusals.replaceChildren(*_first(rows))
        self._refusals.hidden = not rows
        rows = [self._link(photo) for photo in self._batch.unsure()] if text else []
        self._unsure.replaceChildren(*_first(rows))
        self._unsure.hidden = not rows

    def _link(self, photo):
        """A line that opens a photo."""
        link = element("button", photo.path, type="button", class_="link")
        link.setAttribute("aria-label", t("batch.open", name=photo.name))
        on(link, "click", lambda event: self._actions["open"](photo))
        return element("li", "", link)


class Card:
    """One photo of the list: its picture, which opens it, its name, its state, and buttons for what can be done."""

    def __init__(self, photo, actions):
        self.photo = photo
        self._image = element("img", "", alt="", decoding="async", width="160", height="160")
        self.open = element("button", "", self._image, type="button", class_="thumb")
        self._state = element("span", "", class_="soft")
        name = element("p", "", element("strong", photo.name, title=photo.path), self._state)
        self._again = element("button", "↻", type="button", class_="quiet")
        self._away = element("button", _CLOSE, type="button", class_="quiet")
        buttons = element("div", "", self._again, self._away, class_="card-buttons")
        self.element = element("li", "", self.open, name, buttons, class_="card")
        on(self.open, "click", lambda event: actions["open"](photo))
        on(self._again, "click", lambda event: actions["retry"](photo))
        on(self._away, "click", lambda event: self._on_away(actions))

    def show(self):
        """Show the photo as it is now."""
        photo = self.photo
        self.element.dataset.state = DONE if _is_kept(photo) else photo.state
        self.element.dataset.unsure = "yes" if photo.state == DONE and photo.is_unsure else "no"
        self._state.textContent = texts.state(photo)
        self._state.title = self._state.textContent if photo.state == REFUSED else ""
        self.open.setAttribute("aria-label", t("batch.open", name=photo.name))
        self.open.disabled = photo.state != DONE and not _is_kept(photo)
        picture = photo.thumbnail or photo.preview
        self._image.hidden = not picture
        if picture and self._image.getAttribute("src") != picture:
            self._image.src = picture
        self._again.hidden = photo.state not in (REFUSED, CANCELLED)
        _name(self._again, t("batch.again", name=photo.name))
        _name(self._away, t("batch.leave" if _can_be_left(photo) else "batch.remove", name=photo.name))

    def _on_away(self, actions):
        actions["cancel" if _can_be_left(self.photo) else "remove"](self.photo)


class OfferBox:
    """Shows a `BatchOffer`: a line with two buttons for each batch."""

    def __init__(self, offer, resume, discard):
        """`resume(id)` and `discard(batch)` are coroutine functions."""
        self._offer, self._resume, self._discard = offer, resume, discard
        self._box, self._list = by_id("batch-offer"), by_id("batch-offer-list")
        offer.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        self._list.replaceChildren(*[self._row(batch) for batch in self._offer.batches])
        self._box.hidden = not self._offer.batches

    def _row(self, batch):
        text = t("batch.kept", count=batch.count, done=batch.done)
        go = element("button", t("history.resume"), type="button", class_="button small primary")
        away = element("button", t("history.delete"), type="button", class_="button small")
        _name(go, t("history.resume") + ": " + text)
        _name(away, t("history.delete") + ": " + text)
        on(go, "click", lambda event: spawn(self._resume(batch.id)))
        on(away, "click", lambda event: spawn(self._discard(batch)))
        return element("li", "", element("p", text), go, away)


def _first(rows):
    """The first rows, and how many more there are."""
    if len(rows) <= SHOWN:
        return rows
    return rows[:SHOWN] + [element("li", t("batch.end.more", count=len(rows) - SHOWN))]


def _is_kept(photo):
    """Whether the photo is finished, though it waits for a better network."""
    return photo.state == WAITING and photo.is_current


def _can_be_left(photo):
    return photo.state in (WAITING, WORKING) and not photo.is_current


def _name(button, text):
    button.setAttribute("aria-label", text)
    button.title = text


def show_mode(mode):
    """Show the list (`list`), the editor with a way back to it (`photo`), or neither (empty)."""
    document.body.dataset.batch = mode
    by_id("batch" if mode == "list" else "stage").append(by_id("toast"))
    js.scrollTo(0, 0)
