"""The privacy dialog: what was requested, what was not sent, what runs here, and how to check all of it."""

import js
from core.dom import element, on
from core.i18n import t
from core.tasks import spawn
from core.units import size
from core.worker_client import EngineError

from dialogs.browser import read_requests
from dialogs.capabilities import missing_capabilities
from dialogs.dialog import Dialog, facts, items, section

_STEPS = ("open", "photo", "offline", "policy")


class PrivacyDialog:
    """Filled each time it opens, so that it is true at that moment."""

    def __init__(self, worker, open_storage):
        """
        Args:
            worker: the `WorkerClient`.
            open_storage: shows what is stored on this device.
        """
        self._worker, self._open_storage = worker, open_storage
        self._dialog = Dialog("privacy", lambda: t("privacy.title"), self._fill)
        self._more = element("details", "", class_="more")
        self._storage = element("button", "", type="button", id="storage-open", class_="button", aria_haspopup="dialog")
        on(self._storage, "click", lambda event: self._show_storage())
        on(js.window, "offcut:blocked", lambda event: self._dialog.is_open and spawn(self._fill()))

    def open(self):
        """Show it."""
        self._dialog.open()

    async def _fill(self):
        if not self._dialog.body.childElementCount:
            self._dialog.show(element("p", t("privacy.lead")), element("p", t("panel.wait"), class_="soft"))
        self._storage.textContent = t("storage.open")
        requested = await read_requests(self._worker)
        lacking = await missing_capabilities()
        try:
            info = await self._worker.info()
            models = list(await self._worker.list_models())
        except EngineError:  # the engine was stopped, or did not start
            info, models = None, []
        attempts = [(attempt.what, attempt.where) for attempt in js.offcut.blocked]
        sections = [
            section(t("privacy.requested"), *_requested(requested)),
            section(t("privacy.attempts"), *_attempts(attempts)),
            section(t("privacy.runs"), _running(info, models)),
            section(t("privacy.offline"), items(_offline(lacking, models))),
            section(t("missing.title"), items([t("missing." + key) for key in lacking or ["nothing"]])),
            section(t("privacy.check"), items([t("privacy.check." + step) for step in _STEPS], "ol")),
        ]
        self._more.replaceChildren(element("summary", t("privacy.more")), *sections)
        if attempts or requested.others:
            self._more.open = True
        figures = _figures(requested, attempts)
        self._dialog.show(element("p", t("privacy.lead")), figures, element("p", "", self._storage), self._more)

    def _show_storage(self):
        self._dialog.close()
        self._open_storage()


def _figures(requested, attempts):
    """The three figures that matter, large."""
    row = element("ul", "", class_="figures")
    # Every request is for one of the site's own files, by its plain name: such a request cannot carry a photo.
    sent = t("privacy.sent.none") if not requested.others else t("privacy.sent.unknown")
    for figure, text, good in (
        (sent, t("privacy.sent"), not requested.others),
        (str(len(requested.others)), t("privacy.elsewhere"), not requested.others),
        (str(len(attempts)), t("privacy.blocked"), not attempts),
    ):
        mark = "yes" if good else "no"
        row.append(element("li", "", element("strong", figure), element("span", text), data_good=mark))
    return row


def _requested(requested):
    table = element("table")
    for group, files, total in requested.groups():
        cells = [t("privacy.group." + group), t("privacy.files", count=files), size(total)]
        table.append(_row("td", cells))
    every = len(requested.files)
    table.append(_row("th", [t("privacy.all"), t("privacy.files", count=every), size(requested.bytes)]))
    each = element("table")
    for path, count, _ in sorted(requested.files):
        each.append(_row("td", [path, size(count)]))
    details = element("details", "", element("summary", t("privacy.each")), each, class_="every")
    parts = [element("p", t("privacy.origin", origin=js.location.origin)), table, details]
    if requested.others:
        parts.insert(1, items([t("privacy.other", address=url) for url in requested.others]))
    return parts


def _row(tag, cells):
    row = element("tr")
    for cell in cells:
        row.append(element(tag, cell))
    return row


def _attempts(attempts):
    if not attempts:
        return [element("p", t("privacy.attempts.none"))]
    lines = [t("privacy.attempt", what=what, where=where) for what, where in attempts]
    return [element("p", t("privacy.attempts.some")), items(lines)]


def _running(info, models):
    if not info:
        return element("p", t("privacy.runs.nothing"))
    pairs = [
        (t("privacy.runs.model"), info.title),
        (t("privacy.runs.backend"), t("privacy.backend." + info.backend)),
        (t("privacy.runs.threads"), str(info.threads)),
    ]
    for model in models:
        if model.id == info.model:
            pairs.append((t("privacy.runs.licence"), model.licence.weights))
            pairs.append((t("privacy.runs.commercial"), model.licence.commercial))
    return facts(pairs)


def _offline(lacking, models):
    if "worker" in lacking:
        return [t("privacy.offline.never")]
    if not js.navigator.serviceWorker.controller:
        return [t("privacy.offline.later")]
    whole = [model.title for model in models if model.is_cached]
    lines = [t("privacy.offline.app")]
    lines += [t("privacy.offline.models", titles=", ".join(whole))] if whole else [t("privacy.offline.none")]
    return lines
