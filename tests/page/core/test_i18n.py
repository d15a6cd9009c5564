"""One file a language, and every text of the page from there."""

import ast
import json
from html.parser import HTMLParser
from string import Formatter

import pytest
from editor.shortcuts import HELD, SHORTCUTS

from offcut import errors
from offcut.progress import STAGES
from tools.paths import ROOT

APP = ROOT / "app"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in (APP / "languages").glob("*.json")}
MODULES = [path for path in APP.rglob("*.py")]
VIEWS = ("cutout", "composed", "compare", "original", "white", "black", "mask", "removed")
TIERS = ("fast", "balanced", "quality", "permissive")

COMPOSED = {
    "backend.": {"auto", "webgpu", "wasm"},
    "colour.": {
        "white",
        "pearl",
        "sand",
        "grey",
        "charcoal",
        "black",
        "peach",
        "apricot",
        "red",
        "yellow",
        "green",
        "teal",
        "sky",
        "blue",
        "navy",
        "lilac",
    },
    "download.": {"full", "missing"},
    "finer.": {"loading", "working", "done", "same", "failed", "stopped", "connection", "memory", "slow", "storage"},
    "missing.": {"nothing", "worker", "isolation", "cache", "gpu", "persistence"},
    "privacy.backend.": {"wasm", "webgpu"},
    "privacy.check.": {"open", "photo", "offline", "policy"},
    "privacy.group.": {"app", "runtime", "models", "document"},
    "storage.": {"download", "pause", "resume", "cancel", "delete", "whole", "some", "absent"},
    "update.": {"ready", "others", "older"},
    "progress.": {*STAGES, "runtime", "gpu", "paused"},
    "tier.": {"auto", *TIERS},
    "keys.": {name for name, *_ in SHORTCUTS} | set(HELD),
    "error.": {name for name, kind in vars(errors).items() if isinstance(kind, type) and name != "OffcutError"},
    "step.": {
        "start",
        "restore",
        "erase",
        "smart",
        "keep",
        "remove",
        "specks",
        "holes",
        "box",
        "network",
        "finer",
        "start_over",
    },
}
"""Keys that code puts together from a prefix and a name, and the names there are."""

NAMED_BY_THE_WORKER = {"step.", "error."}


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


def said() -> tuple[set[str], set[str]]:
    """Keys that code says in full, and prefixes that it puts a name to."""
    keys, prefixes = set(), set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
                first = node.args[0]
                if isinstance(first, ast.BinOp):
                    prefixes.add(first.left.value)
                else:
                    keys |= {
                        part.value
                        for part in ast.walk(first)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    }
    return keys, prefixes


def used() -> set[str]:
    keys, prefixes = said()
    keys |= set(PAGE.texts) | set(PAGE.names)
    for prefix in prefixes | NAMED_BY_THE_WORKER:
        keys |= {prefix + name for name in COMPOSED[prefix]}
    return keys


@pytest.mark.parametrize("language", sorted(FILES))
def test_no_key_is_missing_and_none_is_unused(language):
    words = set(FILES[language])
    assert used() - words == set()
    assert words - used() == set()


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(set(FILES) - {"en"}))
def test_every_language_fills_in_the_same_values(language):
    for key, text in FILES["en"].items():
        assert places(FILES[language][key]) == places(text), key


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
    assert set(PAGE.loose) <= {"Offcut", "×", "·", "中文", "Save PNG", "100 %", "Opening the photo", "Starting…"}
