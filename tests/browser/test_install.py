"""Installed like an app: photos opened with it, shared to it, and the shortcuts of its icon."""

import base64
import json

from tests.browser.other_origin import OtherOrigin
from tests.browser.visit import PHOTOS

CAT = PHOTOS / "cat.png"


def test_the_browser_finds_nothing_that_keeps_it_from_being_installed(profile):
    visitor = profile.visit()
    session = visitor.context.new_cdp_session(visitor.page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["url"].endswith("/manifest.webmanifest") and manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == "./"
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] in ([], ["in-incognito"])  # the tests' profiles are private ones
    for icon in json.loads(manifest["data"])["icons"]:
        size = visitor.page.evaluate(
            """async (src) => {
            const image = Object.assign(new Image(), {src});
            await image.decode();
            return `${image.naturalWidth}x${image.naturalHeight}`;
        }""",
            icon["src"],
        )
        assert icon["sizes"] in (size, "any")


def test_a_photo_shared_from_another_app_is_cut_out_and_never_reaches_the_server(profile):
    server, visitor = profile.server, profile.visit().until_ready()
    with OtherOrigin() as elsewhere:
        visitor.page.goto(elsewhere.url + "page")
        # What a phone's gallery does when a photo is shared: it opens the app's address with a form that holds the
        # photo.
        visitor.page.evaluate(
            """([action, text]) => {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], "gallery photo.png", {type: "image/png"}));
                const form = Object.assign(document.createElement("form"), {action, method: "post"});
                form.enctype = "multipart/form-data";
                const input = Object.assign(document.createElement("input"), {type: "file", name: "photo"});
                input.files = data.files;
                form.append(input);
                document.body.append(form);
                form.submit();
            }""",
            [server.url + "share", base64.b64encode(CAT.read_bytes()).decode()],
        )
        visitor.page.wait_for_url(server.url + "**")
        visitor.until_done()
    assert visitor.page.get_attribute("#save", "download") == "gallery photo-cutout.png"
    assert visitor.page.url == visitor.url
    assert server.posted == []
    assert "offcut-shared" not in visitor.page.evaluate("caches.keys()")  # it is left nowhere
    visitor.page.reload()
    visitor.until_ready()
    assert visitor.page.get_attribute("body", "data-state") == "empty"


def test_a_photo_opened_with_the_app_is_cut_out(profile):
    # Only the browser's own shell fills the queue; the handle is a real one.
    visitor = profile.visit("""Object.defineProperty(window, "launchQueue", {value: {
        setConsumer(consumer) { window.consumer = consumer; }}});""")
    visitor.until_ready()
    visitor.page.evaluate(
        """async (text) => {
            const folder = await navigator.storage.getDirectory();
            const handle = await folder.getFileHandle("opened.png", {create: true});
            const stream = await handle.createWritable();
            await stream.write(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
            await stream.close();
            consumer({files: [handle]});
        }""",
        base64.b64encode(CAT.read_bytes()).decode(),
    )
    visitor.until_done()
    assert visitor.page.get_attribute("#save", "download") == "opened-cutout.png"


def test_shortcuts_open_their_panels_and_choose_their_presets(profile):
    visitor = profile.visit()
    manifest = json.loads(visitor.page.evaluate("fetch('manifest.webmanifest').then((it) => it.text())"))
    for url in [entry["url"] for entry in manifest["shortcuts"]]:
        visitor.page.goto(visitor.url + url.removeprefix("./"))
        if "#" in url:
            visitor.page.wait_for_selector(f"[data-preset={url.split('#')[1]}][aria-current=true]")
            continue
        visitor.page.wait_for_selector(f"dialog#{url.split('=')[1]}[open]")
        assert visitor.page.url == visitor.url
