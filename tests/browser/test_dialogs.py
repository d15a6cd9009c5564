"""What the page says about privacy and storage, and that it is true."""

import json

import pytest

from tests.browser.visit import PHOTOS, Visit
from tools.paths import MODELS

CAT = PHOTOS / "cat.png"


def opened(visitor: Visit, name: str) -> str:
    visitor.page.evaluate("document.querySelectorAll('dialog[open]').forEach((it) => it.close())")
    visitor.page.click(f"#{name}-open")
    visitor.page.wait_for_selector({"privacy": "#privacy .figures", "storage": "#storage .models li"}[name])
    return visitor.page.inner_text(f"#{name}")


def test_the_privacy_panel_lists_what_was_requested_and_nothing_else(visit, faulty):
    visitor = visit(faulty.url).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    text = opened(visitor, "privacy")
    assert "0 bytes" in visitor.page.inner_text("#privacy .figures li:nth-child(1)")
    assert visitor.page.inner_text("#privacy .figures strong >> nth=1") == "0"
    assert "U²-Net p" in text and "Apache-2.0" in text and "WebAssembly" in text
    threads = visitor.page.evaluate("offcut.info().then((info) => info.threads)")
    assert f"Threads\n{threads}" in text

    visitor.page.click("#privacy summary")
    rows = visitor.page.locator("#privacy details tr").all_inner_texts()
    shown = {row.split("\t")[0] for row in rows}
    files = {file["path"] for file in json.loads((faulty.root / "files.json").read_text())["files"]} | {"files.json"}
    assert shown <= files
    # Whatever the server was asked for on this visit by the page and Python is there.
    came = {path.removeprefix("/faulty/") for path in faulty.asked if "vendor/" in path or "/chunks/" in path}
    assert came <= shown

    visitor.page.evaluate("fetch('app/styles/page.css?of-the-photo')")
    opened(visitor, "privacy")
    visitor.page.wait_for_selector("#privacy li:has-text('Not a file of this site'):has-text('of-the-photo')")
    assert visitor.page.get_attribute("#privacy .figures li:nth-child(1)", "data-good") == "no"


def test_both_panels_open_by_keyboard_and_close_with_escape_and_by_a_click_beside_them(warm):
    for name, opener in (("privacy", "privacy-open"), ("privacy", "privacy-open-too"), ("storage", "storage-open")):
        warm.page.focus("#" + opener)
        warm.page.keyboard.press("Enter")
        warm.page.wait_for_selector(f"#{name}[open]")
        assert warm.page.evaluate("document.activeElement.ariaLabel") == "Close"
        warm.page.keyboard.press("Escape")
        assert warm.page.is_hidden("#" + name)
        assert warm.page.evaluate("document.activeElement.id") == opener
    warm.page.click("#storage-open")
    warm.page.wait_for_selector("#storage[open]")
    warm.page.mouse.click(5, 5)
    assert warm.page.is_hidden("#storage")


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("name", ["privacy", "storage"])
def test_nothing_of_a_panel_is_cut_off(warm, name, width):
    warm.page.set_viewport_size({"width": width, "height": 844})
    opened(warm, name)
    wide = "(name) => { const it = document.getElementById(name); return [it.scrollWidth, it.clientWidth]; }"
    inner, outer = warm.page.evaluate(wide, name)
    assert inner <= outer <= width
    warm.page.keyboard.press("Escape")
    warm.page.set_viewport_size({"width": 1280, "height": 720})


def test_models_are_downloaded_and_deleted_one_by_one_and_all(visit, faulty):
    visitor = visit(faulty.url).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    visitor.page.evaluate("caches.open('another-project').then((cache) => cache.put('x', new Response('theirs')))")
    visitor.page.evaluate("localStorage.setItem('theirs', '1')")
    text = opened(visitor, "storage")
    assert "2.4 MB · on this device" in text and text.count("not on this device") == 2
    assert "non-commercial" in text and "available" in text and "-" not in text.split("Room")[1].split("available")[0]

    # Download one for later, work offline with it, and see what the other shares with it.
    listed = json.loads((MODELS / "catalogue.json").read_text("utf-8"))["models"]["isnet"]
    size = f"{listed['variants']['wasm']['bytes'] / 1e6:.1f} MB"
    visitor.page.click("button[aria-label='Download: IS-Net']")
    visitor.page.wait_for_selector(f".models li:nth-child(2):has-text('{size} · on this device')")
    row = visitor.page.locator(".models li:nth-child(3)")
    assert row.inner_text().split("\n")[1].endswith("on this device") and "44." in row.inner_text()
    before = len(faulty.asked)
    assert visitor.remove(CAT.read_bytes(), model="isnet")["type"] == "image/png"
    assert not [path for path in faulty.asked[before:] if "/chunks/" in path]

    visitor.page.click("button[aria-label='Delete: IS-Net']")
    visitor.page.wait_for_selector(".models li:nth-child(2):has-text('not on this device')")
    assert f"{size} deleted" in visitor.page.inner_text("#storage .said")
    assert visitor.page.locator(".models li:nth-child(1)").inner_text().count("2.4 MB · on this device") == 1

    visitor.page.click("#storage .danger")
    visitor.page.click("#storage .danger")  # a double click deletes nothing
    visitor.page.wait_for_selector("#storage .danger:has-text('Really')")
    visitor.page.wait_for_timeout(1000)
    assert "offcut-models" in visitor.page.evaluate("caches.keys()")
    visitor.page.click("#storage .danger")
    visitor.page.wait_for_selector("#storage .said:has-text('Everything is deleted')")
    left = visitor.page.evaluate("caches.keys()")
    assert "another-project" in left and not [name for name in left if name.startswith("offcut-app")]
    assert visitor.page.evaluate("Object.keys(localStorage)") == ["theirs"]

    # The page works on, and the next visit fetches all of it again and can be offline after that.
    visitor.page.reload()
    visitor.until_ready().choose(CAT).until_done()
    visitor.until(
        "() => caches.keys().then((names) => names.filter((name) => /app|runtime|models/.test(name)).length === 3)"
    )
    visitor.until("() => caches.match('vendor/pyodide/pyodide.asm.wasm').then((found) => !!found)")
    visitor.until("() => caches.match('index.html').then((found) => !!found)")


def test_the_browser_is_asked_once_to_keep_it_after_the_first_success(visit, server):
    visitor = visit(server.url, go=False)
    visitor.context.add_init_script(
        "window.asked = 0; StorageManager.prototype.persist = async () => { asked++; return true; };"
    )
    visitor.page.goto(server.url)
    visitor.until_isolated().until_ready()
    assert visitor.page.evaluate("asked") == 0
    visitor.choose(CAT).until_done()
    visitor.page.wait_for_function("asked === 1")
    visitor.page.reload()
    visitor.until_ready().choose(CAT).until_done()
    visitor.page.wait_for_timeout(500)
    assert visitor.page.evaluate("asked") == 0
