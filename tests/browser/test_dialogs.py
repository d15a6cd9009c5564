"""What the page says about privacy and storage, and that it is true."""

import json

import pytest

from tests.browser.profile import INSTALLED
from tests.browser.tiny_site import QUALITY
from tests.browser.visit import PHOTOS, Visit, text, timing

CAT = PHOTOS / "cat.png"
FIGURE = "#privacy .figures li"


def opened(visitor: Visit, name: str) -> str:
    visitor.page.evaluate("document.querySelectorAll('dialog[open]').forEach((it) => it.close())")
    visitor.page.click("#privacy-open")
    if name == "storage":
        visitor.page.click("#storage-open")
    else:
        visitor.page.wait_for_selector("#privacy .figures")
        visitor.page.evaluate("document.querySelector('#privacy .more').open = true")
    visitor.page.wait_for_selector({"privacy": "#privacy .figures", "storage": "#storage .models li"}[name])
    return visitor.page.inner_text(f"#{name}")


def test_the_privacy_panel_lists_what_was_requested_and_nothing_else(visit, faulty):
    visitor = visit(faulty).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    panel = opened(visitor, "privacy")
    sent, elsewhere = (visitor.page.locator(FIGURE, has_text=text(f"privacy.{it}")) for it in ("sent", "elsewhere"))
    assert sent.locator("strong").inner_text() == text("privacy.sent.none") == "0 bytes"
    assert elsewhere.locator("strong").inner_text() == "0"
    assert "Tiny" in panel and "MIT" in panel and "WebAssembly" in panel
    threads = visitor.page.evaluate("offcut.info().then((info) => info.threads)")
    assert f"Threads\n{threads}" in panel

    visitor.page.click("#privacy .every summary")
    rows = visitor.page.locator("#privacy .every tr").all_inner_texts()
    shown = {row.split("\t")[0] for row in rows}
    files = {file["path"] for file in json.loads((faulty.root / "files.json").read_text())["files"]} | {"files.json"}
    assert shown <= files
    # Whatever the server was asked for on this visit by the page and Python is there.
    came = {path.removeprefix(faulty.prefix) for path in faulty.asked if "vendor/" in path or "/chunks/" in path}
    assert came <= shown

    visitor.page.evaluate("fetch('app/icon.svg?of-the-photo')")
    opened(visitor, "privacy")
    visitor.page.wait_for_selector("#privacy li:has-text('Not a file of this site'):has-text('of-the-photo')")
    assert sent.get_attribute("data-good") == "no"


def test_both_panels_open_by_keyboard_and_close_with_escape_and_by_a_click_beside_them(warm):
    for name, opener in (("privacy", "privacy-open"), ("privacy", "privacy-open-too"), ("storage", "privacy-open")):
        warm.page.focus("#" + opener)
        warm.page.keyboard.press("Enter")
        if name == "storage":
            warm.page.focus("#storage-open")
            warm.page.keyboard.press("Enter")
        warm.page.wait_for_selector(f"#{name}[open]")
        assert warm.page.evaluate("document.activeElement.ariaLabel") == "Close"
        warm.page.keyboard.press("Escape")
        assert warm.page.is_hidden("#" + name)
        assert warm.page.evaluate("document.activeElement.id") == opener
    opened(warm, "storage")
    warm.page.mouse.click(5, 5)
    assert warm.page.is_hidden("#storage")


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("name", ["privacy", "storage"])
def test_nothing_of_a_panel_is_cut_off(warm, name, width):
    warm.with_usual_settings().page.set_viewport_size({"width": width, "height": 844})
    opened(warm, name)
    wide = "(name) => { const it = document.getElementById(name); return [it.scrollWidth, it.clientWidth]; }"
    inner, outer = warm.page.evaluate(wide, name)
    assert inner <= outer <= width
    warm.page.keyboard.press("Escape")
    warm.page.set_viewport_size({"width": 1280, "height": 720})


def test_models_are_downloaded_and_deleted_one_by_one_and_all(visit, faulty):
    visitor = visit(faulty, timing(confirm_delay=0.3, storage_refresh=0.1)).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    page = visitor.page
    page.evaluate("caches.open('another-project').then((cache) => cache.put('x', new Response('theirs')))")
    page.evaluate("localStorage.setItem('theirs', '1')")
    panel = opened(visitor, "storage")
    assert "kB · on this device" in panel and "7.9 MB · 0.1 kB on this device" in panel  # what both networks have
    assert "MIT" in panel and "available" in panel and "-" not in panel.split("Room")[1].split("available")[0]

    # Download one for later, and work offline with it.
    page.click("button[aria-label='Download: Tiny quality']")
    page.wait_for_selector(".models li:has-text('Tiny quality'):has-text('7.9 MB · on this device')")
    before = len(faulty.asked)
    assert visitor.remove(CAT.read_bytes(), model=QUALITY)["type"] == "image/png"
    assert not [path for path in faulty.asked[before:] if "/chunks/" in path]

    page.click("button[aria-label='Delete: Tiny quality']")
    page.wait_for_selector(".models li:has-text('Tiny quality'):has-text('0.1 kB on this device')")
    assert "7.9 MB deleted" in page.inner_text("#storage .said")
    assert "kB · on this device" in page.locator(".models li", has_not_text="Tiny quality").inner_text()

    page.evaluate("""() => {
        const button = document.querySelector("#storage .danger");
        button.click();
        button.click();  // a double click deletes nothing
    }""")
    page.wait_for_selector("#storage .danger:has-text('Really')")
    assert "offcut-models" in page.evaluate("caches.keys()")
    visitor.until("""() => {  // pressed again and again until it is late enough for an answer
        const button = document.querySelector("#storage .danger");
        if (button.textContent.includes("Really")) button.click();
        return document.querySelector("#storage .said").textContent.includes("Everything is deleted");
    }""")
    left = page.evaluate("caches.keys()")
    assert "another-project" in left and not [name for name in left if name.startswith("offcut-app")]
    assert page.evaluate("Object.keys(localStorage)") == ["theirs"]

    # The page works on, and the next visit fetches all of it again and can be offline after that.
    page.reload()
    visitor.until_ready().choose(CAT).until_done().until(INSTALLED)


@pytest.mark.nightly
def test_a_browser_that_would_show_a_question_is_asked_by_the_button_alone(profile):
    visitor = profile.visit(
        "window.asked = 0; StorageManager.prototype.persist = async () => { asked++; return true; };"
        "StorageManager.prototype.persisted = async () => asked > 0;"
        "Permissions.prototype.query = async () => ({state: 'prompt'});"
        "Object.defineProperty(navigator, 'userAgent', {value: 'Mozilla/5.0 (rv:128.0) Gecko/20100101 Firefox/128.0'});"
    ).until_ready()
    page = visitor.choose(CAT).until_done().page
    page.click("#privacy-open")
    page.click("#storage-open")
    page.wait_for_selector("#storage button:text-is('Ask the browser to keep it')")
    assert page.evaluate("asked") == 0
    page.click("#storage button:text-is('Ask the browser to keep it')")
    page.wait_for_selector("#storage p:has-text('The browser has promised')")
    assert page.evaluate("asked") == 1 and page.is_hidden("#storage button:text-is('Ask the browser to keep it')")
