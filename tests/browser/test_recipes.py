"""Recipes on the page: they finish the picture, and their worker has no way out, no storage and limited time."""

import json
from collections.abc import Iterator

import pytest

from tests.browser.editing import Editing
from tests.browser.other_origin import OtherOrigin
from tests.browser.test_policy import WAYS
from tests.browser.visit import PHOTOS, eventually, timing

HALF = """
import statistics  # which no start imports: it comes from the archive with the rest of the library

def finish(cutout, original, info):
    half = statistics.mean((0, 1))
    return original.resize((int(original.width * half), int(original.height * half)))
"""

ESCAPE = """
from pyodide.code import run_js

def finish(cutout, original, info):
    out = run_js(%s)
    raise ValueError("found " + out)
"""

ATTEMPTS = """
const found = {origin: self.origin, importScripts: "no", sync: "no", caches: "no", databases: "no", folder: "no"};
try { importScripts(there + "import-scripts"); found.importScripts = "yes"; } catch {}
try { const it = new XMLHttpRequest(); it.open("GET", site, false); it.send(); found.sync = "yes"; } catch {}
try { indexedDB.open("a"); found.databases = "yes"; } catch {}
fetch(site).then(() => { globalThis.answered = true; }, () => {});
import(site + "app/boot.js").then(() => { globalThis.answered = true; }, () => {});
try { caches.keys(); found.caches = "yes"; } catch {}
navigator.storage?.getDirectory().then(() => { globalThis.answered = true; }, () => {});
JSON.stringify(found);
"""


WATCH = """() => {
    globalThis.begun = new Promise((done) => {
        new MutationObserver(done).observe(document.body, {attributes: true, attributeFilter: ["data-idle"]});
    });
}"""
"""Notes when something is asked of the worker, which may be done before anyone looks."""


@pytest.fixture
def elsewhere() -> Iterator[OtherOrigin]:
    with OtherOrigin() as running:
        yield running


def run(edit: Editing, source: str) -> str:
    """Run a recipe on the open photo, and return the error that is shown."""
    edit.tool("recipe")
    edit.page.fill("#recipe-text-code", source)
    edit.page.evaluate(WATCH)
    edit.page.click("#recipe-run")
    edit.page.evaluate("() => globalThis.begun")
    edit.settle()
    return edit.page.inner_text("#recipe-error")


@pytest.mark.nightly
def test_a_recipe_finishes_what_is_saved_and_can_be_undone(warm, tmp_path):
    edit = Editing(warm, PHOTOS / "cat.png", tmp_path)
    assert run(edit, HALF) == ""
    edit.steps(1)
    assert edit.save().shape[:2] == (150, 225)
    edit.page.click("#undo")
    edit.steps(0)
    assert edit.page.input_value("#recipe-text") == "" and edit.save().shape[:2] == (300, 451)


FETCHED = (
    "() => performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/vendor/editor/')).length"
)


def test_the_editor_is_fetched_when_it_is_opened_and_the_keyboard_can_leave_it(warm, tmp_path):
    edit = Editing(warm, PHOTOS / "cat.png", tmp_path)
    assert edit.page.evaluate(FETCHED) == 0
    edit.tool("recipe")
    edit.page.wait_for_selector("#recipe-text", state="hidden")  # what was there until the editor had come
    edit.page.get_by_role("textbox", name="Text of the recipe").click()
    edit.page.keyboard.insert_text("def finish(cutout, original, info):\n    return 1 / 0")
    edit.page.keyboard.press("Control+Enter")
    edit.page.wait_for_selector(".cm-failed")
    edit.settle()
    assert edit.page.inner_text(".cm-failed").strip() == "return 1 / 0"
    assert 0 < edit.page.evaluate(FETCHED) <= 7
    edit.page.keyboard.press("Control+a")
    edit.page.keyboard.press("Delete")  # the marked place is gone, and the mark with it
    assert edit.page.locator(".cm-failed").count() == 0
    edit.page.keyboard.press("Tab")
    assert not edit.page.evaluate("() => document.activeElement.closest('.code-editor')")


def test_a_recipe_has_no_network_and_no_storage_and_is_ended_when_it_takes_too_long(profile, elsewhere, tmp_path):
    visitor = profile.visit(timing(recipe_limit=2)).until_ready()
    edit = Editing(visitor, PHOTOS / "cat.png", tmp_path)
    ways = "\n".join(f"{{ const there = {json.dumps(elsewhere.url + name)}; {way} }}" for name, way in WAYS.items())
    # The worker's own fetch answers from what it was handed.
    places = f"const there = {json.dumps(elsewhere.url)}, site = {json.dumps(visitor.url)};"
    script = f"delete globalThis.fetch;\n{places}\n{ways}\n{ATTEMPTS}"
    found = run(edit, ESCAPE % json.dumps(script))
    assert edit.page.inner_text(".cm-failed").strip() == 'raise ValueError("found " + out)'
    assert 'found {"origin":"null","importScripts":"no","sync":"no","caches":"no","databases":"no"' in found
    reported = "offcut.blocked.filter(({where}) => where.includes('fetch')).length"
    eventually(lambda: visitor.page.evaluate(reported), "the attempts are listed", visitor.page)
    assert "found no" in run(edit, ESCAPE % json.dumps("globalThis.answered ? 'yes' : 'no'"))
    assert elsewhere.reached == []

    error = run(edit, "def finish(cutout, original, info):\n    while True:\n        pass\n")
    assert "took longer than 2 seconds" in error
    assert run(edit, HALF) == ""
