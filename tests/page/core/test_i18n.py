"""One file a language, and every text of the page from there."""

import ast
import json
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from core import i18n
from core.worker_client import EngineError
from editor.keyboard import HELD
from editor.keys import SHORTCUTS
from presets.preset import GROUPS

from offcut import errors
from offcut.codecs import refusals
from offcut.editing import rebase
from offcut.editing.operations import KINDS
from offcut.models.own import checks
from offcut.progress import STAGES
from offcut.protocol import steps
from offcut.protocol.settings import BACKGROUNDS
from tools.paths import ROOT
from tools.site import manifest, start_texts

APP = ROOT / "app"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in (APP / "languages").glob("*.json")}
MODULES = list(APP.rglob("*.py"))
WHOLE, MAY_BE_MISSING = ("en", "zh"), 12
"""Languages that have every text, and how many texts each other one may show in English."""

WORKER = ROOT / "worker" / "offcut"
"""What the worker names in its answers is found here: stages, steps, errors, what is wrong with a device."""

NAMED = {
    "error.": {name for name, kind in vars(errors).items() if isinstance(kind, type) and name != "OffcutError"}
    | {f"NotAnImageError.{reason}" for reason in refusals.REASONS}
    | {f"NetworkError.{reason}" for reason in checks.REASONS}
    | {"ImageTooLargeError.device"}
    | {
        f"TruncatedImageError.{refusals.EARLY}",
        "BatchGoneError.elsewhere",
        "BatchGoneError.part",
        "NoRoomError.zip",
        f"HelpError.{rebase.REASON}",
    },
    "group.": set(GROUPS[1:]),
    "keys.": {name for name, *_ in SHORTCUTS} | set(HELD),
    "preset.": {"edit", "own"} | set(tomllib.loads((ROOT / "models" / "presets.toml").read_text("utf-8"))["presets"]),
    "privacy.group.": {
        manifest.group(path) for path in ("index.html", "vendor/a.wasm", "models/a.bin", "licences.html")
    },
    "progress.": set(STAGES),
    "step.": {
        step.removeprefix("step.")
        for step in (
            steps.ORIGINAL,
            steps.UPGRADE,
            *(steps.step_name({"kind": kind}) for kind in set(KINDS) - set(steps.NAMED_BY_MODE)),
            *(f"step.{name}" for name in {"settings", *steps.NAMED_EDGES, *steps.NAMED_GROUPS} - {"background"}),
            *(f"step.background.{kind}" for kind in BACKGROUNDS),
        )
    },
    "tier.": {
        model["tier"]
        for model in tomllib.loads((ROOT / "models" / "catalogue.toml").read_text("utf-8"))["models"].values()
    },
}
"""Names that follow a prefix, where one place in the code lists them all."""

BY_THE_WORKER = ("step.", "error.")
"""Prefixes that the worker puts in front itself."""


class Page(HTMLParser):
    """What index.html says: texts by key, names by key, and texts that have no key."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, set[str]] = {}
        self.names: dict[str, set[str]] = {}
        self.loose: list[str] = []
        self._stack: list[dict] = []
        self.feed((ROOT / "index.html").read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if "data-word-label" in given:
            self.names.setdefault(given["data-word-label"], set()).add(given["aria-label"])
        elif given.get("aria-label") and given.get("id") != "view":
            self.loose.append(given["aria-label"])
        if tag not in ("meta", "link", "img", "input", "hr", "use", "path", "circle", "rect", "ellipse"):
            self._stack.append(given | {"tag": tag})

    def handle_endtag(self, tag: str) -> None:
        if self._stack and self._stack[-1]["tag"] == tag:
            self._stack.pop()

    def handle_data(self, data: str) -> None:
        if not data.strip() or not self._stack:
            return
        here = self._stack[-1]
        if "data-word" in here:
            self.texts.setdefault(here["data-word"], set()).add(data)
        elif not {"script", "py-config", "noscript", "title", "kbd", "option"} & {one["tag"] for one in self._stack}:
            self.loose.append(data.strip())


PAGE = Page()


def literals(path: Path) -> set[str]:
    """The strings that a module writes out."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def in_full_and_composed() -> tuple[set[str], dict[str, set[Path]]]:
    """Keys that code says in full, and the packages that put a name to a prefix, by prefix."""
    keys: set[str] = set()
    prefixes: dict[str, set[Path]] = {prefix: set() for prefix in BY_THE_WORKER}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
                first = node.args[0]
                if isinstance(first, ast.BinOp):
                    prefixes.setdefault(first.left.value, set()).add(path.parent)
                else:
                    keys |= {part.value for part in ast.walk(first) if isinstance(part, ast.Constant)}
    written = set().union(*map(literals, MODULES)) & set(FILES["en"])
    keys |= set(start_texts.keys((ROOT / start_texts.SCRIPT).read_text("utf-8")))
    return written | {key for key in keys if isinstance(key, str)} | set(PAGE.texts) | set(PAGE.names), prefixes


IN_FULL, COMPOSED = in_full_and_composed()
BY_PACKAGE = {folder: set().union(*map(literals, folder.glob("*.py"))) for folder in {path.parent for path in MODULES}}
OF_WORKER = set().union(*map(literals, WORKER.rglob("*.py")))


def is_used(key: str) -> bool:
    """Whether code has the key, or builds it from a prefix and a name.

    The name is written out where that is done, in the worker, or in one of the lists above.
    """
    prefixes = [prefix for prefix in COMPOSED if key.startswith(prefix)]
    return key in IN_FULL or any(
        key.removeprefix(prefix)
        in set().union(NAMED.get(prefix, ()), OF_WORKER, *(BY_PACKAGE[it] for it in COMPOSED[prefix]))
        for prefix in prefixes
    )


def base(key: str) -> str:
    """The key of a text without the form for a number."""
    start, _, end = key.rpartition(".")
    return start if end in i18n.PLURAL_FORMS and "{count}" in FILES["en"].get(start, "") else key


@pytest.mark.parametrize("language", sorted(FILES))
def test_no_key_is_missing_and_none_is_unused(language):
    named = {prefix + name for prefix, names in NAMED.items() for name in names}
    missing = (IN_FULL | named) - set(FILES[language])
    assert len(missing) <= (0 if language in WHOLE else MAY_BE_MISSING), sorted(missing)
    assert [key for key in FILES[language] if not is_used(base(key))] == []


def test_a_key_that_nothing_names_is_noticed():
    assert is_used("progress.infer") and not is_used("progress.engine") and not is_used("finer.nothing")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(set(FILES) - {"en"}))
def test_every_language_fills_in_the_same_values(language):
    for key, text in FILES[language].items():
        assert places(text) == places(FILES["en"][base(key)]), key


def test_numbers_choose_the_form_of_a_text():
    forms = {
        "en": ["other", "one", "other", "other"],
        "fr": ["one", "one", "other", "other"],
        "zh": ["other"] * 4,
        "ar": ["zero", "one", "two", "few"],
    }
    for language, expected in forms.items():
        assert [i18n.plural_form(language, count) for count in (0, 1, 2, 3)] == expected
    assert [i18n.plural_form("ar", count) for count in (11, 99, 100, 102, 103)] == [
        *("many", "many", "other", "other", "few")
    ]
    i18n.set_language("en")
    assert [i18n.t("batch.title", count=count) for count in (1, 2)] == ["1 photo", "2 photos"]


def test_what_a_language_lacks_is_in_english(monkeypatch):
    monkeypatch.setattr(i18n, "_texts", {})
    assert i18n.t("batch.title", count=2) == FILES["en"]["batch.title"].format(count=2)


def test_there_are_the_languages_that_the_page_offers():
    tree = ast.parse((APP / "core" / "i18n.py").read_text("utf-8"))
    offered = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "LANGUAGES"
    )
    assert set(offered) == set(FILES)


def test_the_page_says_in_english_what_the_english_file_says():
    """The page is complete before any script has run, so its own texts are there twice; they must be the same."""
    for key, texts in (PAGE.texts | PAGE.names).items():
        assert texts == {FILES["en"][key]}, key


def test_only_names_and_signs_have_no_key():
    assert set(PAGE.loose) <= {"Offcut", "×", "·", "Save PNG", "100 %", "Opening the photo", "Starting…"}


def test_a_reason_chooses_the_text_and_what_is_named_stands_in_it():
    i18n.set_language("zh")
    try:
        assert "HEIC" in i18n.error_text(EngineError("NotAnImageError", "English", "", "heic", ""))
        assert "JPEG XL" in i18n.error_text(EngineError("NotAnImageError", "English", "", "kind", "JPEG XL"))
        assert i18n.error_text(EngineError("NotAnImageError", "English")) == i18n.t("error.NotAnImageError")
    finally:
        i18n.set_language("en")


def test_what_stands_in_a_text_from_right_to_left_keeps_its_own_direction():
    i18n.set_language("ar")
    try:
        assert "\u2068cat-cutout.png\u2069" in i18n.t("said.saved", name="cat-cutout.png", width=400, height=300)
        assert "\u2068" not in i18n.t("save.pixels", width=400, height=300)
    finally:
        i18n.set_language("en")
    assert i18n.t("said.saved", name="cat.png", width=4, height=3) == "Saved cat.png, 4 × 3 pixels."
