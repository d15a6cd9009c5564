"""The elements that show how far a photo is. Each follows an object that has the state and the texts."""

import js
from core.dom import by_id, document, element, object_of, on
from core.i18n import current_language, on_language_change, t
from core.tasks import spawn


class StatusLine:
    """Shows an `EngineStatus`."""

    def __init__(self, status):
        self._status = status
        self._line = by_id("status")
        status.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        if self._status.text:
            self._line.dataset.state = self._status.state
            self._line.textContent = self._status.text


class ProgressBox:
    """Shows a `Progress`: a bar, its figures, a button that gives the photo up, and two while a model is downloaded."""

    def __init__(self, progress):
        self._progress = progress
        self._box, self._text, self._bytes = by_id("progress"), by_id("progress-text"), by_id("progress-bytes")
        self._bar, self._buttons = by_id("progress-bar"), by_id("progress-choices")
        self._pause, self._cancel = by_id("progress-pause"), by_id("progress-cancel")
        on(self._pause, "click", lambda event: progress.press_pause())
        on(self._cancel, "click", lambda event: progress.press_cancel())
        on(document, "keydown", self._on_key)
        progress.changed.connect(self._show)
        on_language_change(self._show)
        self._show()

    def _on_key(self, event):
        is_free = not event.defaultPrevented and document.querySelector("dialog[open]") is None
        if event.key == "Escape" and is_free and self._progress.stage and not self._buttons.hidden:
            self._progress.press_cancel()

    def _show(self):
        progress = self._progress
        self._box.hidden = not progress.stage
        self._buttons.hidden = not (progress.can_stop or progress.can_cancel)
        self._pause.hidden = not progress.can_stop
        self._pause.textContent, self._cancel.textContent = progress.pause_label, t("download.cancel")
        self._text.textContent, self._bytes.textContent = progress.text, progress.bytes_text
        if progress.total:
            self._bar.max, self._bar.value = progress.total, progress.done
        else:
            self._bar.removeAttribute("value")


class UpgradeLine:
    """Shows an `AutoUpgrade`: an offer with two answers, a button that stops it, one that brings the first back."""

    def __init__(self, upgrade):
        self._upgrade = upgrade
        self._box, self._text, self._stop = by_id("finer"), by_id("finer-text"), by_id("finer-stop")
        self._back, self._offer, self._offer_text = by_id("finer-back"), by_id("offer"), by_id("offer-text")
        on(by_id("offer-yes"), "click", lambda event: upgrade.answer(True))
        on(by_id("offer-no"), "click", lambda event: upgrade.answer(False))
        on(self._stop, "click", lambda event: upgrade.stop())
        on(self._back, "click", lambda event: upgrade.go_back())
        upgrade.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        upgrade = self._upgrade
        is_offer = upgrade.state == "offer"
        self._offer.hidden = not is_offer
        self._box.hidden, self._stop.hidden = is_offer or not upgrade.is_shown, not upgrade.can_stop
        self._back.hidden = not upgrade.can_go_back
        if is_offer:
            self._offer_text.textContent = upgrade.offer_text
        elif upgrade.state:
            self._text.textContent = t("finer." + upgrade.state, **upgrade.values)


class QualityNote:
    """Says what is unclear about the terms of the network that a person has chosen."""

    def __init__(self, models):
        self._models, self._note = models, by_id("tier-note")
        models.changed.connect(self._show)
        models.filled.connect(self._show)

    def _show(self):
        self._note.hidden = not self._models.is_unclear(self._models.selected)


class ResumeBox:
    """Shows a `ResumeOffer`: a line with two buttons for each work. The first line's have ids."""

    def __init__(self, offer):
        self._offer = offer
        self._box, self._list = by_id("resume"), by_id("resume-list")
        offer.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        rows = []
        for work in self._offer.works:
            rows.append(self._row(work, len(rows) == 0))
        self._list.replaceChildren(*rows)
        self._box.hidden = not self._offer.is_shown

    def _row(self, work, is_first):
        offer, name = self._offer, work.name or t("history.unnamed")
        picture = element("img", "", alt="", width="48", height="48", src=work.thumbnail or "data:,")
        picture.hidden = not work.thumbnail
        texts = element("p", "", element("strong", name), element("span", moment(work.changed), class_="soft"))
        go = element("button", t("history.resume"), type="button", class_="button small primary")
        away = element("button", t("history.delete"), type="button", class_="button small")
        go.setAttribute("aria-label", t("history.resume") + ": " + name)
        away.setAttribute("aria-label", t("history.delete") + ": " + name)
        if is_first:
            go.id, away.id = "resume-go", "resume-away"
        on(go, "click", lambda event: offer.accept(work.id))
        on(away, "click", lambda event: spawn(offer.discard(work.id, name)))
        return element("li", "", picture, texts, go, away)


class HistoryButtons:
    """The buttons below the history: back to the work before, and the deletion of this one."""

    def __init__(self, editor, offer, way_back):
        self._way_back, self._back = way_back, by_id("way-back")
        on(self._back, "click", lambda event: way_back.go())
        on(by_id("throw-away"), "click", lambda event: spawn(offer.discard(editor.work, editor.name)))
        way_back.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        self._back.hidden = not self._way_back.name
        self._back.textContent = t("said.back", name=self._way_back.name)


def moment(seconds):
    """Return date and time of so many seconds since 1970, as this device writes them; empty for none."""
    if not seconds:
        return ""
    when = js.Date.new(seconds * 1000)
    return when.toLocaleString(current_language(), object_of(dateStyle="medium", timeStyle="short"))
