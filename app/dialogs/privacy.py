"""The privacy panel: what was requested, what was not sent, what runs here, and how to check all of it."""

import asyncio

import js
from core.dom import element, on
from core.i18n import t
from core.units import size

from dialogs import request_log
from dialogs.capabilities import missing
from dialogs.dialog import Dialog, facts, items, section

_STEPS = ("open", "photo", "offline", "policy")


class PrivacyDialog:
    """Filled each time it opens, so that it is true at that moment."""

    def __init__(self, engine):
        self._engine = engine
        self._panel = Dialog("privacy", lambda: t("privacy.title"), self._fill)
        on(js.window, "offcut:blocked", lambda event: self._panel.is_open and asyncio.create_task(self._fill()))

    def open(self):
        """Show it."""
        self._panel.open()

    async def _fill(self):
        if not self._panel.body.childElementCount:
            self._panel.show(element("p", t("privacy.lead")), element("p", t("panel.wait"), class_="soft"))
        seen = await request_log.read(self._engine)
        lacking = await missing()
        try:
            info = await self._engine.info()
            models = list(await self._engine.list_models())
        except Exception:
            info, models = None, []
        attempts = [(attempt.what, attempt.where) for attempt in js.offcut.blocked]
        self._panel.show(
            element("p", t("privacy.lead")),
            _figures(seen, attempts),
            section(t("privacy.requested"), *_requested(seen)),
            section(t("privacy.attempts"), *_attempts(attempts)),
            section(t("privacy.runs"), _running(info, models)),
            section(t("privacy.offline"), items(_offline(lacking, models))),
            section(t("missing.title"), items([t("missing." + key) for key in lacking or ["nothing"]])),
            section(t("privacy.check"), items([t("privacy.check." + step) for step in _STEPS], "ol")),
        )


def _figures(seen, attempts):
    """The three figures that matter, large."""
    row = element("ul", "", class_="figures")
    # Every request is for one of the site's own files, by its plain name: such a request has no room for a photo.
    sent = t("privacy.sent.none") if not seen.others else t("privacy.sent.unknown")
    for figure, text, good in (
        (sent, t("privacy.sent"), not seen.others),
        (str(len(seen.others)), t("privacy.elsewhere"), not seen.others),
        (str(len(attempts)), t("privacy.blocked"), not attempts),
    ):
        mark = "yes" if good else "no"
        row.append(element("li", "", element("strong", figure), element("span", text), data_good=mark))
    return row


def _requested(seen):
    table = element("table")
    for group, files, total in seen.groups():
        cells = [t("privacy.group." + group), t("privacy.files", count=files), size(total)]
        table.append(_row("td", cells))
    every = len(seen.files)
    table.append(_row("th", [t("privacy.all"), t("privacy.files", count=every), size(seen.bytes)]))
    each = element("table")
    for path, count, _ in sorted(seen.files):
        each.append(_row("td", [path, size(count)]))
    details = element("details", "", element("summary", t("privacy.each")), each)
    parts = [element("p", t("privacy.origin", origin=js.location.origin)), table, details]
    if seen.others:
        parts.insert(1, items([t("privacy.other", address=url) for url in seen.others]))
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
