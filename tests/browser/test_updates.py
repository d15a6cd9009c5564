"""A new version: fetched while the old one runs, never mixed with it, offered without interrupting; many tabs."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as TimedOut

from tests.browser.deployments import deploy
from tests.browser.faulty_server import FaultyServer
from tests.browser.visit import PHOTOS, Visit, eventually

CAT = PHOTOS / "cat.png"
LOOK = "navigator.serviceWorker.getRegistration().then((it) => it.update()).then(() => {}, () => {})"
WAITING = "() => navigator.serviceWorker.getRegistration().then((it) => !!it.waiting)"
NAMES = "caches.keys().then((names) => names.sort())"


def finds_update(visitor: Visit) -> bool:
    """Visit the site from elsewhere until it has started; whether the new version is there."""
    visitor.page.goto("about:blank")
    visitor.go().until_ready()  # a page that is left before keeps the old version for up to 30 s
    return "Drop it" in visitor.page.inner_text("main")


@pytest.fixture
def site(tiny, tmp_path):
    """A copy of the site that may be replaced, and its server."""
    root = tmp_path / "site"
    shutil.copytree(tiny, root, ignore=shutil.ignore_patterns("vendor"))
    shutil.copytree(tiny / "vendor", root / "vendor", copy_function=os.link)  # large, and not replaced
    with FaultyServer(root, "/app/") as server:
        server.start()
        yield server


def new_one(visitor: Visit, root: Path, version: str = "f" * 12) -> None:
    deploy(root, version, Drop_one_photo_or_many="Drop it")
    visitor.page.evaluate(LOOK)
    visitor.until(WAITING)


def switch_when_alone(visitor: Visit) -> None:
    """Ask for the new version until it comes: a tab that was closed may count for some seconds more."""
    texts = []
    while len(texts) < 20:
        visitor.page.click("#update-reload")
        try:
            visitor.page.wait_for_selector("text=Drop it", timeout=4000)
            return
        except TimedOut:
            texts.append(visitor.page.inner_text("#update-text"))
    raise AssertionError(f"The new version never came: {texts}")


def test_a_new_version_offers_itself_and_comes_when_asked(visit, site):
    visitor = visit(site).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    visitor.page.evaluate("caches.open('another-project').then((cache) => cache.put('x', new Response('theirs')))")
    before = visitor.page.evaluate(NAMES)
    loads = visitor.loads
    new_one(visitor, site.root)
    visitor.page.wait_for_selector("#update:not([hidden])")
    assert "new version" in visitor.page.inner_text("#update")
    assert visitor.loads == loads and visitor.page.get_attribute("body", "data-state") == "done"

    visitor.page.click("#update-reload")
    visitor.page.wait_for_selector("text=Drop it")
    visitor.until_ready().choose(CAT).until_done()
    after = visitor.page.evaluate(NAMES)
    assert "another-project" in after and "offcut-models" in after
    assert [name for name in after if name.startswith("offcut-app-")] == ["offcut-app-" + "f" * 12]
    assert [name for name in after if "runtime" in name] == [name for name in before if "runtime" in name]


@pytest.mark.nightly
def test_without_a_word_it_comes_once_no_tab_has_the_old_one(visit, site):
    visitor = visit(site).until_isolated().until_ready()
    new_one(visitor, site.root)
    visitor.page.reload()
    assert "Drop one photo or many" in visitor.page.inner_text("main")
    visitor.page.wait_for_selector("#update:not([hidden])")
    # The tab that was left may count for a moment more.
    visitor.page.goto("about:blank")
    eventually(lambda: finds_update(visitor), "the new version comes", visitor.page)


@pytest.mark.nightly
def test_two_tabs_do_not_break_each_other(visit, site):
    visitor = visit(site).until_isolated().until_ready()
    other = visitor.context.new_page()
    other.goto(site.url)
    other.wait_for_selector("#status[data-state=ready]")
    new_one(visitor, site.root)
    visitor.page.wait_for_selector("#update:not([hidden])")
    other.wait_for_selector("#update:not([hidden])")

    visitor.page.click("#update-reload")
    visitor.page.wait_for_selector("#update-text:has-text('other tabs')")
    for page in (visitor.page, other):  # both go on with all they need of the old version, a fresh worker included
        assert "Drop one photo or many" in page.inner_text("main")
        page.evaluate("offcut.release()")
        page.set_input_files("#photo", str(CAT))
        page.wait_for_selector("body[data-state=done]")

    other.close()
    switch_when_alone(visitor)


@pytest.mark.nightly
def test_files_of_two_versions_are_never_kept_together(visit, site):
    """As a host may give them out in the middle of a deployment."""
    visitor = visit(site).until_isolated().until_ready()
    deploy(site.root, "e" * 12, listed=False, Drop_one_photo_or_many="Half of it")
    asked = len(site.asked)
    visitor.page.evaluate(LOOK)
    eventually(lambda: any(path.endswith("files.json") for path in site.asked[asked:]), "it is tried", visitor.page)
    state = "navigator.serviceWorker.getRegistration().then((it) => [!!it.installing, !!it.waiting])"
    visitor.until(f"async () => JSON.stringify(await {state}) === '[false,false]'")
    visitor.page.reload()
    assert "Drop one photo or many" in visitor.page.inner_text("main")
    visitor.until_ready()


def test_an_old_page_is_not_given_half_of_a_new_runtime(visit, site):
    visitor = visit(site).until_isolated().until_ready()
    deploy(site.root, "c" * 12, runtime="b" * 12, Drop_one_photo_or_many="Drop it")
    name = next(name for name in visitor.page.evaluate(NAMES) if "runtime" in name)
    visitor.page.evaluate("(name) => caches.delete(name)", name)
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    status = visitor.page.evaluate("fetch('vendor/pyodide/pyodide.mjs').then((answer) => answer.status)")
    assert status == 503
    assert (
        visitor.page.evaluate("(name) => caches.open(name).then((it) => it.keys()).then((keys) => keys.length)", name)
        == 0
    )
    # It cannot start again, so the new version takes its place.
    visitor.page.reload()
    visitor.page.wait_for_selector("text=Drop it")
    visitor.until_ready()
