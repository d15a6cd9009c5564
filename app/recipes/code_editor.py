"""The editor of a recipe: CodeMirror, fetched when it is first needed, in place of a plain field of text.

CodeMirror comes out of PyScript's own package, whose files name each other, so their names stay as they are there.
"""

import js
from core.dom import element, object_of
from core.log import log
from core.tasks import spawn
from pyscript import js_import
from pyscript.ffi import create_proxy, to_js

_FOLDER = js.URL.new("vendor/editor/", js.document.baseURI).href
_CORE, _STATE, _PYTHON = "codemirror-BDx3jn9j.js", "codemirror_state-DxSVIxgn.js", "codemirror_lang-python-r-dBg-Wd.js"
_LANGUAGE, _VIEW = "codemirror_language-BeYrpeur.js", "codemirror_view-BsXnWedx.js"

_COLOURS = {
    "#708": "keyword",
    "#219": "constant",
    "#164": "number",
    "#a11": "string",
    "#e40": "escape",
    "#00f": "name",
    "#30a": "name",
    "#085": "name",
    "#167": "name",
    "#256": "name",
    "#00c": "name",
    "#404740": "soft",
    "#940": "soft",
}
"""What CodeMirror's colours stand for, which suit a light page alone: the rest of the name of a variable in styles."""


class CodeEditor:
    """A `<textarea>`, and CodeMirror in front of it once that is loaded. Where it cannot be, the field serves."""

    def __init__(self, field, on_input, on_run):
        """
        Args:
            field: the `<textarea>`. Its label is the element whose id is the field's with ``-label``.
            on_input: called with the text when a person has changed it.
            on_run: called when a person presses Ctrl+Enter.
        """
        self._field, self._on_input, self._on_run = field, on_input, on_run
        self._view = self._parts = self._mark = None
        self._line, self._is_loading, self._is_set = 0, False, False
        field.addEventListener("input", create_proxy(lambda event: on_input(field.value)))
        field.addEventListener("keydown", create_proxy(self._on_key))

    @property
    def text(self):
        """What is written."""
        return self._view.state.doc.toString() if self._view else self._field.value

    def show(self, text):
        """Replace the text."""
        if text == self.text:
            return
        self._field.value = text
        if self._view:
            self._is_set = True
            end = self._view.state.doc.length
            self._view.dispatch(to_js({"changes": {"from": 0, "to": end, "insert": text}}))
            self._is_set = False

    def mark(self, line):
        """Mark a line, from 1 on, and bring it into sight; 0 takes the mark away."""
        self._line = line
        if self._view:
            self._mark_in_view()
        elif line:
            lines = self._field.value.split("\n")
            start = sum(len(one) + 1 for one in lines[: line - 1])
            self._field.setSelectionRange(start, start + len(lines[line - 1]) if line <= len(lines) else start)

    def load(self):
        """Fetch CodeMirror and show it, once."""
        if not self._is_loading and not self._view:
            self._is_loading = True
            spawn(self._load())

    async def _load(self):
        names = (_CORE, _STATE, _PYTHON, _LANGUAGE, _VIEW)
        try:
            self._parts = await js_import(*[_FOLDER + name for name in names])
        except Exception as error:  # no connection: the plain field serves, and the next time is another try
            log.warning("The editor of recipes could not be loaded", cause=error)
            self._is_loading = False
            return
        self._make()

    def _make(self):
        core, state, python, language, view = list(self._parts)
        language, view, editor = language.x, view.v, core.EditorView
        field = self._field
        label = field.id + "-label"
        self._mark = state.Compartment.new()
        run = create_proxy(lambda target: self._on_run() or True)
        # The mark goes with the first change: it is a place in the text as it was.
        unmark = create_proxy(lambda change: self._without_mark() if change.docChanged and self._line else None)
        extensions = [
            state.EditorState.transactionExtender.of(unmark),
            view.keymap.of(to_js([object_of(key="Mod-Enter", run=run)])),
            self._mark.of(to_js([])),
            core.minimalSetup,
            view.lineNumbers(),
            language.bracketMatching(),
            language.indentOnInput(),
            language.indentUnit.of("    "),
            language.syntaxHighlighting(_highlighting(language)),
            python.python(),
            editor.contentAttributes.of(object_of(**{"id": field.id + "-code", "aria-labelledby": label})),
            editor.updateListener.of(create_proxy(self._on_update)),
        ]
        place = element("div", class_="code-editor", dir="ltr", translate="no")
        is_focused = js.document.activeElement.isSameNode(field)
        self._view = editor.new(object_of(doc=field.value, parent=place, extensions=to_js(extensions)))
        field.after(place)
        field.hidden = True
        if is_focused:
            self._view.focus()
        self._mark_in_view()

    def _on_update(self, update):
        if not update.docChanged:
            return
        self._field.value = self.text
        if not self._is_set:
            self._on_input(self._field.value)

    def _on_key(self, event):
        if event.key == "Enter" and (event.ctrlKey or event.metaKey):
            event.preventDefault()
            self._on_run()

    def _without_mark(self):
        self._line = 0
        return object_of(effects=self._mark.reconfigure(to_js([])))

    def _mark_in_view(self):
        core, view = self._parts[0], self._parts[4]
        view, doc, marked, start = view.v, self._view.state.doc, [], None
        if 0 < self._line <= doc.lines:
            start = getattr(doc.line(self._line), "from")
            line = view.Decoration.line(object_of(**{"class": "cm-failed"}))
            marked = [core.EditorView.decorations.of(view.Decoration.set(line.range(start)))]
        effects = [self._mark.reconfigure(to_js(marked))]
        if start is not None:
            effects.append(core.EditorView.scrollIntoView(start))
        self._view.dispatch(object_of(effects=to_js(effects)))


def _highlighting(language):
    """Return CodeMirror's usual highlighting in the page's own colours."""
    specs = []
    for spec in list(language.defaultHighlightStyle.specs):
        kind = _COLOURS.get(getattr(spec, "color", None))
        if kind:
            specs.append(object_of(tag=spec.tag, color="var(--code-" + kind + ")"))
        else:
            specs.append(spec)
    return language.HighlightStyle.define(to_js(specs))
