"""The presets on the page: links where there is no photo yet, lists to choose from in the editor and for a batch."""

import js
from core.dom import by_id, document, element, on
from core.i18n import on_language_change, t

from presets.own import look_of
from presets.preset import PLAIN
from presets.texts import describe, grouped, origin


class PresetLinks:
    """Shows which of the presets on the empty page is chosen. Elements with a `data-preset` name a preset."""

    def __init__(self, choice, open_picker):
        self._choice, self._hint = choice, by_id("preset-hint")
        self._links = list(document.querySelectorAll("[data-preset]"))
        for link in self._links:  # the address itself follows by the link's own
            on(link, "click", lambda event: open_picker())
        on(js.window, "hashchange", lambda event: choice.follow())
        choice.changed.connect(self._show)
        on_language_change(self._show)
        self._show()

    def _show(self):
        chosen = self._choice.chosen
        for link in self._links:
            link.ariaCurrent = "true" if link.dataset.preset == chosen.id else "false"
        is_plain = chosen.id == PLAIN
        self._hint.hidden = is_plain
        self._hint.textContent = "" if is_plain else chosen.title + ": " + describe(chosen)


_EDIT = "edit"  # what leads to the dialog for a person's own presets


class PresetList:
    """A list of all presets, and the way to those of the person."""

    def __init__(self, id, own, choose, edit):
        """
        Args:
            id: of the list.
            own: the `OwnPresets`.
            choose: called with the id of the preset that a person chooses.
            edit: called where a person wants to save or edit presets.
        """
        self._list, self._presets, self._choose, self._edit = by_id(id), own.presets, choose, edit
        # Not `change`: what follows `input` in the form shows what the fields say, and those are of the preset by then.
        on(self._list, "input", lambda event: self._on_input())
        own.changed.connect(self._fill)
        on_language_change(self._fill)
        self._shown = PLAIN
        self._fill()

    def show(self, preset):
        """Show a preset, or with None that the settings are others."""
        self._shown = preset.id if preset else ""
        self._own.hidden = preset is not None
        # Chromium lays the page out for its autofill whenever a list is set, also to the value that it has.
        if self._list.value != self._shown:
            self._list.value = self._shown

    def _on_input(self):
        chosen = self._list.value
        if chosen == _EDIT:
            self._list.value = self._shown
            self._edit()
        else:
            self._choose(chosen)

    def _fill(self):
        self._own = element("option", t("preset.own"), value="", hidden="")
        entries = [self._own]
        for group, listed in grouped(self._presets):
            options = [element("option", preset.title, value=preset.id) for preset in listed]
            entries += options if group == "cutout" else [element("optgroup", "", *options, label=t("group." + group))]
        entries.append(element("option", t("preset.edit"), value=_EDIT))
        self._list.replaceChildren(*entries)
        self._own.hidden = self._shown != ""
        self._list.value = self._shown


class PresetPicker:
    """The list in the editor, and where its numbers are from."""

    def __init__(self, choice, own, editor, edit):
        """`edit(look)` lets a person save and edit presets; `look()` returns what the controls say."""
        self._choice, self._editor, self._note = choice, editor, by_id("preset-note")
        self._check = by_id("preset-check")
        self._list = PresetList("preset-list", own, choice.choose, lambda: edit(lambda: look_of(editor.value)))
        own.changed.connect(self._show)
        editor.look_changed.connect(self._show)
        choice.changed.connect(self._show)
        on_language_change(self._show)

    def _show(self):
        shown = self._choice.shown
        self._list.show(shown)
        self._editor.guides.allowed = shown.head if shown else ()
        self._editor.guides.eyes = shown.eyes if shown else ()
        self._check.hidden = not (shown and shown.is_of_document)
        text = origin(shown) if shown else ""
        self._note.textContent, self._note.hidden = text, not text
