"""The save button and its options, and where there is a share sheet, the button for that."""

import js
from core.dom import by_id, close_like_a_menu, on
from core.i18n import on_language_change, t
from core.tasks import spawn

from export.browser import is_phone, read_route
from export.route import DOWNLOAD, FRAMED, SHARE
from offcut.protocol.sheets import SHEET_TYPES


class SavePanel:
    """Shows a `Saving`, a `Sharing` and a `Sheet`."""

    def __init__(self, saving, sharing, sheet, notice):
        self._saving, self._sharing, self._sheet, self._notice = saving, sharing, sheet, notice
        self._route = DOWNLOAD
        self._share = by_id("share")
        self._link, self._options = by_id("save"), by_id("save-options")
        self._pixels, self._note = by_id("save-pixels"), by_id("save-note")
        self._checks = by_id("check-note"), by_id("check-first")
        self._is_downloading = False  # the link is clicked by the page itself
        on(self._link, "click", self._on_click)
        on(self._link, "dragstart", self._on_drag)
        on(self._options, "toggle", lambda event: self._on_toggle())
        close_like_a_menu(self._options)
        saving.changed.connect(self._show)
        saving.options_changed.connect(self._show_labels)
        saving.file_ready.connect(self._download)
        on(self._share, "click", lambda event: self._begin_sharing())
        self._sheet_note = by_id("sheet-note")
        self._sheet_buttons = {kind: by_id("sheet-" + kind) for kind in SHEET_TYPES}
        for button in self._sheet_buttons.values():
            on(button, "click", lambda event: self._save_sheet(event.currentTarget.id.split("-")[1]))
        sheet.changed.connect(self._show_sheet)
        on_language_change(self._show_labels)
        on_language_change(self._show_sheet)
        spawn(self._find_route())

    async def _find_route(self):
        self._route, can_share = await read_route()
        self._share.hidden = not (can_share and is_phone() and self._route == DOWNLOAD)

    def _show(self):
        self._link.href, self._link.download = self._saving.url, self._saving.filename
        self._link.toggleAttribute("data-waiting", self._saving.is_preparing)

    def _show_labels(self):
        note = self._saving.note
        self._pixels.textContent, self._note.textContent, self._note.hidden = self._saving.size_label, note, not note
        self._link.textContent = self._saving.button_label
        check = self._saving.check
        for place in self._checks:
            place.textContent, place.hidden = check, not check

    def _on_toggle(self):
        self._saving.watch(self._options.open)
        self._show_sheet()

    def _show_sheet(self):
        by_id("sheet").hidden = not self._sheet.is_offered
        if self._sheet.is_offered:
            self._sheet_note.textContent = self._sheet.note
            for button in self._sheet_buttons.values():
                button.disabled = not self._sheet.count

    def _save_sheet(self, kind):
        self._options.open = False
        if self._route == DOWNLOAD:
            self._sheet.make(kind, self._saving.hand_over)
        elif self._route == SHARE:
            self._sheet.make(kind, self._sharing.share)
        else:
            self._refuse()

    def _on_click(self, event):
        if self._is_downloading or (self._route == DOWNLOAD and self._saving.use_ready_file()):
            return
        event.preventDefault()
        self._options.open = False
        if self._route == DOWNLOAD:
            self._saving.request()
        elif self._route == SHARE:
            self._sharing.begin()
        else:
            self._refuse()

    def _refuse(self):
        key = "save.framed" if self._route == FRAMED else "save.elsewhere"
        self._notice.error(t(key, address=js.location.href))

    def _on_drag(self, event):
        """Have the file lie where the link is dropped. Only Chromium has this type; others drop the address."""
        file = self._saving.ready_file()
        if file and self._saving.use_ready_file():
            event.dataTransfer.setData("DownloadURL", f"{file.blob.type}:{file.name}:{self._saving.url}")

    def _begin_sharing(self):
        self._options.open = False
        self._sharing.begin()

    def _download(self):
        self._is_downloading = True
        self._link.click()
        self._is_downloading = False
