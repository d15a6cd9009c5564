"""What a browser may lack: each alone, and all at once, still leads to a cutout, and the panel says what is lost."""

import json

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page

from tests.browser.editing import Editing
from tests.browser.tiny_site import TINY
from tests.browser.visit import PHOTOS, Visit, show_view, text

CAT = PHOTOS / "cat.png"

# Python's worker has these of its own, so the page alone cannot take them away: a module that runs first does.
NO_CACHE_NOR_CANVAS = """
delete Window.prototype.caches; delete window.caches;
const Real = Worker;
window.Worker = class extends Real {
    constructor(url, options) {
        const module = (text) => URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
        const first = module(`delete WorkerGlobalScope.prototype.caches; delete self.caches;
            delete self.OffscreenCanvas;`);
        super(module(`import ${JSON.stringify(first)}; import ${JSON.stringify(new URL(url, location).href)};`),
              {...options, type: "module"});
    }
};
"""
NO_LOCAL_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {get() { throw new DOMException("denied", "SecurityError"); }});"""
NO_GPU = "delete Navigator.prototype.gpu;"


def missing(visitor: Visit) -> str:
    """What the privacy panel says that this browser lacks."""
    visitor.page.click("#privacy-open")
    visitor.page.click("#privacy .more > summary")
    return listed_under(visitor.page, "missing.title")


def listed_under(page: Page | FrameLocator, heading: str) -> str:
    """The section of the privacy panel with this heading, by its key."""
    return page.locator(f"#privacy section:has(> :first-child:text-is({json.dumps(text(heading))}))").inner_text()


@pytest.mark.nightly
def test_without_a_service_worker_it_works_on_one_thread_and_says_so(visit, server):
    visitor = visit(server, "delete Navigator.prototype.serviceWorker;").until_ready()
    visitor.choose(CAT).until_done()
    info = visitor.page.evaluate("offcut.info().then((i) => ({threads: i.threads, isolated: i.isolated}))")
    assert info == {"threads": 1, "isolated": False}
    assert visitor.loads == 1
    assert "Service worker" in missing(visitor)
    assert text("privacy.offline.never") in listed_under(visitor.page, "privacy.offline")


def test_without_isolation_and_downloads_in_a_frame(visit, server):
    visitor = visit(server, go=False)
    host = server.url.split("/some/")[0] + "/host"
    rights = "allow-scripts allow-same-origin"  # not allow-downloads, allow-modals, allow-popups
    body = f'<iframe sandbox="{rights}" src="{server.url}" width=900 height=700></iframe>'
    visitor.context.route(host, lambda route: route.fulfill(content_type="text/html", body=body))
    visitor.page.goto(host)
    frame = visitor.page.frame_locator("iframe")
    frame.locator("#status[data-state=ready]").wait_for()
    frame.locator("#photo").set_input_files(str(CAT))
    frame.locator("body[data-state=done]").wait_for()
    frame.locator("#save:not([data-waiting])").click()
    frame.locator("#notice[data-kind=error]:not([hidden])").wait_for()
    assert frame.locator("#notice-text").inner_text() == text("save.framed").format(address=server.url)
    frame.locator("#privacy-open").click()
    frame.locator("#privacy .more > summary").click()
    listed = listed_under(frame, "missing.title")
    assert "Isolation" in listed and "Service worker" not in listed
    inner = next(frame for frame in visitor.page.frames if frame.url == server.url)
    assert inner.evaluate("offcut.info().then(({threads}) => threads)") == 1


@pytest.mark.nightly
def test_without_cache_storage_and_canvases_in_workers(visit, server, tmp_path):
    visitor = visit(server, NO_CACHE_NOR_CANVAS).until_ready()
    assert "keeps nothing here" in visitor.page.inner_text("#notice-text")
    visitor.choose(CAT).until_done()
    Image.open(CAT).convert("RGB").save(tmp_path / "photo.avif")  # read through a frame of video
    visitor.choose(tmp_path / "photo.avif").until_done()
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftyphevc" + bytes(12))
    visitor.choose(tmp_path / "photo.heic")
    assert "HEIC" in visitor.refusal() and visitor.page.is_hidden("#notice-copy")
    assert "Storage for files" in missing(visitor)
    visitor.page.click("#storage-open")
    visitor.page.wait_for_selector("#storage .models li")
    assert visitor.page.inner_text("#storage").count("not on this device") == 2


@pytest.mark.nightly
def test_where_local_storage_is_forbidden_choices_hold_for_the_visit(visit, server):
    visitor = visit(server, NO_LOCAL_STORAGE).until_ready()
    visitor.page.select_option("#language", "zh")
    visitor.page.wait_for_selector("html[lang=zh]")
    visitor.choose(CAT).until_done()
    visitor.page.reload()
    visitor.until_ready()
    assert visitor.page.get_attribute("html", "lang") == "en"


HOME_SCREEN = """
Object.defineProperties(navigator, {userAgent: {value: "Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile/15E148"},
    standalone: {value: true}, canShare: {value: ({files}) => files[0] instanceof File},
    share: {value: async ({files}) => { window.shared ??= []; shared.push(files[0]);
        if (shared.length === 1) throw new DOMException("not now", "NotAllowedError");
        if (shared.length === 3) throw new DOMException("closed", "AbortError"); }}});"""
"""An app on an iPhone's home screen, whose share sheet first wants another click, then works, then is closed."""


def test_without_webgpu_and_as_an_app_of_an_iphone_the_share_sheet_saves(profile):
    visitor = profile.visit(NO_GPU, HOME_SCREEN).until_ready().choose(CAT).until_done()
    page = visitor.page
    page.click("#save")
    page.click("#toast-action:has-text('Share')")
    page.wait_for_selector("#toast-text:has-text('Shared cat-cutout.png')")
    page.evaluate("document.getElementById('toast-text').click()")
    page.click("#save")
    page.wait_for_function("shared.length === 3")
    files = "shared.map(async (it) => [it.name, it.type, (await createImageBitmap(it)).width])"
    assert page.evaluate(f"Promise.all({files})") == [["cat-cutout.png", "image/png", 451]] * 3
    assert page.is_hidden("#notice") and page.is_hidden("#toast")
    listed = missing(visitor)
    assert "WebGPU" in listed and "Isolation" not in listed and "Service worker" not in listed


def test_without_any_of_them_on_plain_http(plain, tmp_path):
    browser, url = plain
    visitor = Visit(browser.new_context(), url, model=TINY).go().until_ready()
    has = "[isSecureContext, crossOriginIsolated, 'caches' in window, 'gpu' in navigator, 'randomUUID' in crypto]"
    assert visitor.page.evaluate(has) == [False] * 5
    photo = Editing(visitor, CAT, tmp_path)
    before = photo.alpha()
    photo.tool("brush")
    photo.actual()
    show_view(photo.page, "mask")
    y, x = photo.height // 2, photo.width
    photo.paint([(0.3 * x, y), (0.5 * x, y), (0.7 * x, y)])
    photo.settle()
    after = photo.alpha()
    # A line, not a dot where it began; and nothing else.
    assert before[y, int(0.4 * x) : int(0.6 * x)].min() > 0.5 and after[y, int(0.32 * x) : int(0.68 * x)].max() == 0
    assert (after[: y // 2] == before[: y // 2]).all()
    assert visitor.page.is_hidden("#notice[data-kind=error]")
    listed = missing(visitor)
    for name in ("Service worker", "Isolation", "Storage for files", "WebGPU", "Lasting storage"):
        assert name in listed
    assert visitor.loads == 1
