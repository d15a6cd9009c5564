"""Parts that fail, full disks and deleted data: nothing that a person has done is lost, and nothing waits for ever.

docs/reliability.md lists every fault, where it is injected and what is seen. The ones of the network are in
`test_faults_network.py`; what is decided without a browser is tested without one.
"""

import numpy as np
import pytest

from tests.browser.editing import Editing
from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import INSTALLED, WarmProfile
from tests.browser.steering import TRAP, fill_memory, in_engine, opened
from tests.browser.visit import PHOTOS, Visit, eventually, pixels, text

CAT, COFFEE, ASTRONAUT = (PHOTOS / name for name in ("cat.png", "coffee.png", "astronaut.png"))
END = "document.querySelector('script[worker]').xworker.terminate()"
"""Ends the engine's worker as a browser does that needs its memory: without a word."""

LINES = ([(60, 60), (120, 90), (200, 80)], [(60, 160), (120, 190), (200, 180)], [(60, 240), (120, 250), (200, 260)])
STATES = "[...document.querySelectorAll('.card')].map((card) => card.dataset.state)"
LIMIT_S = 0.3


def erasing(visitor: Visit, tmp_path) -> Editing:
    """A photo with one stroke of the eraser."""
    editing = Editing(visitor, CAT, tmp_path)
    editing.tool("brush")
    editing.set("brush.mode", "erase")
    editing.actual()
    editing.paint(LINES[0])
    editing.steps(1)
    return editing


def saved_alpha(editing: Editing) -> np.ndarray:
    """The alpha of the picture that is saved now."""
    return pixels(editing.visit.save().path())[..., 3]


def until_batch(visitor: Visit, *states: str) -> None:
    eventually(lambda: visitor.page.evaluate(STATES) == list(states), f"the batch is {states}", visitor.page)


class Disk:
    """How much the browser lets the page store."""

    def __init__(self, visitor: Visit) -> None:
        self._session = visitor.context.new_cdp_session(visitor.page)
        self._origin = visitor.page.evaluate("location.origin")

    def limit(self, size: int) -> None:
        self._session.send("Storage.overrideQuotaForOrigin", {"origin": self._origin, "quotaSize": size})

    def free(self) -> None:
        self._session.send("Storage.overrideQuotaForOrigin", {"origin": self._origin})

    def delete_everything(self) -> None:
        self._session.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "all"})


@pytest.fixture(scope="module")
def steered(browser, tiny, tmp_path_factory):
    """A profile of a site whose engine a test can do anything to."""
    with FaultyServer(opened(tiny, tmp_path_factory.mktemp("opened") / "site")) as server:
        server.start()
        profile = WarmProfile(browser, server)
        yield profile
        profile.close()


def test_a_worker_that_ends_costs_neither_a_photo_on_its_way_nor_strokes(profile, twelve_megapixels, tmp_path):
    visitor = profile.visit().until_ready()
    visitor.choose(twelve_megapixels)
    visitor.page.wait_for_selector("body[data-state=working]")
    visitor.page.evaluate(END)
    visitor.until_done()
    editing = erasing(visitor, tmp_path)
    editing.paint(LINES[1])
    visitor.page.evaluate(END)  # while the second stroke is computed or kept
    editing.paint(LINES[2])
    editing.steps(3)
    assert visitor.page.inner_text("#toast-text") == text("said.recovered")
    alpha = saved_alpha(editing)
    assert not any(alpha[y, x] for line in LINES for x, y in line)
    assert visitor.page.is_hidden("#notice")


@pytest.mark.nightly
def test_a_worker_that_ends_on_plain_http_costs_no_stroke_and_leaves_no_database(plain, tmp_path):
    browser, url = plain
    visitor = Visit(browser.new_context(), url, model="tiny").go().until_ready()
    assert visitor.page.evaluate("[isSecureContext, 'locks' in navigator]") == [False, False]
    editing = erasing(visitor, tmp_path)
    visitor.page.evaluate(END)
    editing.paint(LINES[1])
    editing.steps(2)
    assert visitor.page.inner_text("#toast-text") == text("said.recovered")
    editing.paint(LINES[2])
    visitor.page.evaluate(END)  # while the stroke is computed
    editing.steps(3)
    alpha = saved_alpha(editing)
    assert not any(alpha[y, x] for line in LINES for x, y in line)
    visitor.page.goto("about:blank")
    visitor.page.goto(url + "licences.html")
    visitor.until("async () => !(await indexedDB.databases()).some(({name}) => name.startsWith('offcut-worker-'))")


@pytest.mark.nightly
@pytest.mark.parametrize("is_in_stroke", [True, False], ids=["between strokes", "in a stroke"])
def test_a_trap_costs_no_stroke(steered, tmp_path, is_in_stroke):
    visitor = steered.visit().until_ready()
    editing = erasing(visitor, tmp_path)
    if is_in_stroke:
        editing.paint(LINES[1])
    in_engine(visitor.page, TRAP)
    if not is_in_stroke:
        editing.paint(LINES[1])
    editing.paint(LINES[2])
    editing.steps(3)
    alpha = saved_alpha(editing)
    assert not any(alpha[y, x] for line in LINES for x, y in line)


@pytest.mark.nightly
def test_memory_that_ends_costs_neither_a_photo_nor_strokes(steered, twelve_megapixels, tmp_path):
    visitor = steered.visit().until_ready()
    erasing(visitor, tmp_path)
    fill_memory(visitor.page)
    visitor.choose(twelve_megapixels).until_done()
    assert visitor.page.is_hidden("#notice")
    visitor.page.click("#toast-action")  # the way back to the first photo
    visitor.page.wait_for_selector("#save[download='cat-cutout.png']")
    visitor.page.wait_for_selector("#undo:enabled")


@pytest.mark.nightly
def test_a_photo_that_ends_two_workers_is_refused_with_a_button_and_the_next_one_works(profile, twelve_megapixels):
    visitor = profile.visit().until_ready()
    page = visitor.page
    page.evaluate(f"""window.ending = setInterval(async () => {{
        const {{ held }} = await navigator.locks.query(); // one is the worker's, once it can be talked to
        const isUp = held.some(({{ name }}) => name.startsWith("offcut-worker-"));
        if (isUp && document.body.dataset.state === "working") {END};
    }}, 300)""")
    visitor.choose(twelve_megapixels)
    assert visitor.refusal() == text("error.EngineDiedError")
    assert page.get_attribute("body", "data-state") == "empty"
    page.evaluate("clearInterval(ending)")
    page.click("#notice-again")
    visitor.until_done()
    assert page.is_hidden("#notice")


@pytest.mark.nightly
def test_a_worker_that_ends_in_a_batch_costs_no_photo(profile, twelve_megapixels):
    visitor = profile.visit().until_ready()
    visitor.page.set_input_files("#photo", [CAT, twelve_megapixels, ASTRONAUT])
    visitor.page.wait_for_selector(".card[data-state=working]")
    visitor.page.wait_for_timeout(500)
    visitor.page.evaluate(END)
    until_batch(visitor, "done", "done", "done")


@pytest.mark.nightly
def test_data_that_is_deleted_while_the_page_is_open_cost_nothing(profile, tmp_path):
    visitor = profile.visit().until_ready()
    editing = erasing(visitor, tmp_path)
    editing.until_written("(list) => list.steps.length === 1")
    Disk(visitor).delete_everything()
    visitor.page.evaluate(END)
    editing.paint(LINES[1])
    editing.steps(2)
    alpha = saved_alpha(editing)
    assert not any(alpha[y, x] for line in LINES[:2] for x, y in line)
    editing.until_written("(list) => list.steps.length === 2")
    visitor.until(INSTALLED)
    editing.come_back()
    editing.steps(2)


@pytest.mark.nightly
def test_a_tab_that_is_frozen_in_the_middle_of_a_photo_goes_on_when_it_is_thawed(profile, twelve_megapixels):
    visitor = profile.visit().until_ready()
    session = visitor.context.new_cdp_session(visitor.page)
    visitor.choose(twelve_megapixels)
    visitor.page.wait_for_selector("body[data-state=working]")
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    session.send("Page.setWebLifecycleState", {"state": "active"})
    visitor.until_done()
    assert visitor.page.is_hidden("#notice")


@pytest.mark.nightly
def test_a_page_that_is_come_back_to_offers_what_was_done(profile, tmp_path):
    visitor = profile.visit().until_ready()
    editing = erasing(visitor, tmp_path)
    editing.until_written("(list) => list.steps.length === 1")
    visitor.page.goto("about:blank")
    visitor.page.go_back()
    visitor.page.click("#resume-go")
    visitor.expecting_a_photo().until_done()
    editing.steps(1)


@pytest.mark.nightly
def test_two_tabs_on_the_same_work_keep_both(profile, tmp_path):
    visitor = profile.visit().until_ready()
    editing = erasing(visitor, tmp_path)
    editing.until_written("(list) => list.steps.length === 1")
    # As a duplicated tab: what this tab has open is remembered by the other one, too.
    storage = visitor.page.evaluate("JSON.stringify({...sessionStorage})")
    other = Visit(visitor.context, visitor.url, model="tiny", scripts=[f"Object.assign(sessionStorage, {storage})"])
    other.go().until_ready()
    other.page.click("#resume-go")
    other.expecting_a_photo().until_done()
    twin = Editing.__new__(Editing)
    twin.__dict__ |= editing.__dict__ | {"visit": other, "page": other.page}
    for one, line in ((editing, LINES[1]), (twin, LINES[2])):
        one.page.bring_to_front()
        one.tool("brush")
        one.set("brush.mode", "erase")
        one.actual()
        one.paint(line)
        one.steps(2)
    count = (
        "caches.open('offcut-work').then((it) => it.keys()).then((all) => all.filter(({url}) => url.endsWith('/list')))"
    )
    visitor.until(f"async () => (await {count}).length === 2")


REFUSE = "() => { throw new DOMException('no', 'SecurityError'); }"
REJECT = "() => Promise.reject(new DOMException('no', 'SecurityError'))"
THROWING = {
    "setItem": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "getItem": f"Storage.prototype.getItem = {REFUSE}",
    "localStorage": f"Object.defineProperty(window, 'localStorage', {{get: {REFUSE}}})",
    "indexedDB": f"IDBFactory.prototype.open = {REFUSE}",
    "caches": f"CacheStorage.prototype.open = CacheStorage.prototype.has = CacheStorage.prototype.keys = {REJECT}",
    "estimate": f"StorageManager.prototype.estimate = StorageManager.prototype.persisted = {REJECT}",
    "no estimate": "delete StorageManager.prototype.estimate",
    "directory": f"StorageManager.prototype.getDirectory = {REJECT}",
    "locks": f"LockManager.prototype.request = LockManager.prototype.query = {REJECT}",
    "service worker": f"ServiceWorkerContainer.prototype.register = {REJECT}",
}
"""What raises an error where storage is forbidden, damaged, full, or an older browser's."""


@pytest.mark.nightly
@pytest.mark.parametrize("name", THROWING)
def test_storage_that_throws_keeps_nobody_from_working(profile, tmp_path, name):
    visitor = profile.visit(THROWING[name]).until_ready()
    editing = erasing(visitor, tmp_path)
    visitor.page.click("#privacy-open")
    visitor.page.click("#storage-open")
    visitor.page.wait_for_selector("#storage[open]")
    visitor.page.evaluate("document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close())")
    editing.paint(LINES[1])
    editing.steps(2)
    assert not any(complaint.startswith("A background task failed") for complaint in visitor.complaints)


def test_on_a_full_disk_a_batch_pauses_and_says_so_and_goes_on_when_there_is_room(profile):
    visitor = profile.visit().until_ready()
    page, disk = visitor.page, Disk(visitor)
    disk.limit(1000)
    try:
        page.set_input_files("#photo", [CAT, COFFEE])
        assert (
            visitor.refusal()
            == "There is no room left on this device. Save what is done, delete something, then go on."
        )
        until_batch(visitor, "waiting", "waiting")
        disk.free()
        page.click("#batch-pause")
        until_batch(visitor, "done", "done")
        used = page.evaluate("navigator.storage.estimate().then(({usage}) => usage)")
        disk.limit(used + 20_000)
        page.click("#batch-save")
        assert "no room left" in visitor.refusal()
        disk.free()
        with page.expect_download():
            page.click("#batch-save")
    finally:
        disk.free()


@pytest.mark.nightly
def test_a_result_that_cannot_be_written_whole_leaves_nothing_in_the_folder(profile):
    visitor = profile.visit().until_ready()
    visitor.page.set_input_files("#photo", [CAT, COFFEE])
    until_batch(visitor, "done", "done")
    visitor.page.evaluate("""async () => {
        const root = await navigator.storage.getDirectory();
        window.folder = await root.getDirectoryHandle("chosen", {create: true});
        window.showDirectoryPicker = async () => folder;
        const write = FileSystemWritableFileStream.prototype.write;
        let count = 0;
        FileSystemWritableFileStream.prototype.write = function (data) {
            if (++count === 2) return Promise.reject(new DOMException("full", "QuotaExceededError"));
            return write.call(this, data);
        };
    }""")
    visitor.page.click("#batch-folder")
    visitor.refusal()
    names = "(async () => { const all = []; for await (const name of folder.keys()) all.push(name); return all; })()"
    assert visitor.page.evaluate(names) == ["cat-cutout.png"]


@pytest.mark.nightly
@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_a_first_visit_on_a_full_disk_cuts_out_all_the_same(visit, server, size):
    visitor = visit(server, go=False)
    visitor.page.goto(server.url + "licences.html")
    Disk(visitor).limit(size)
    for _ in range(2):
        visitor.go().until_ready().choose(CAT).until_done()


@pytest.mark.nightly
def test_the_graphics_process_that_ends_leaves_the_canvases_as_they_were(profile, browser, tmp_path):
    visitor = profile.visit().until_ready()
    editing = erasing(visitor, tmp_path)
    visitor.page.mouse.move(2, 2)
    visitor.page.wait_for_timeout(1500)  # the finest layers come last
    editing.settle()
    before = editing.canvas()
    browser.new_browser_cdp_session().send("Browser.crashGpuProcess")
    visitor.page.wait_for_timeout(1500)  # the browser starts another, and tells the page then; that has no event here
    editing.settle()
    assert np.mean(np.abs(editing.canvas().astype(int) - before) > 8) < 0.001  # by another processor


CANCEL = """async () => {
    const since = performance.now();
    document.getElementById("busy-cancel").click();
    while (!document.getElementById("busy").hidden) await new Promise((done) => requestAnimationFrame(done));
    return (performance.now() - since) / 1000;
}"""


@pytest.mark.nightly
def test_a_picture_that_is_being_written_is_given_up_at_once_and_the_photo_stays_as_it_was(
    profile, twelve_megapixels, tmp_path
):
    editing = Editing(profile.visit().until_ready(), twelve_megapixels, tmp_path)
    editing.tool("brush")
    editing.set("brush.mode", "erase")
    scale = editing.fitted()
    editing.paint([(600, 600), (1200, 900)], scale)
    editing.steps(1)
    editing.set("save.format", "webp")
    editing.page.click("#save")
    editing.page.wait_for_selector("#busy-cancel")
    assert editing.page.evaluate(CANCEL) < LIMIT_S
    assert editing.page.inner_text("#toast-text") == text("said.cancelled")
    assert editing.page.is_hidden("#notice")
    editing.paint([(600, 1600), (1200, 1900)], scale)
    editing.steps(2)
    editing.set("save.format", "png")
    assert editing.visit.save().suggested_filename.endswith(".png")
