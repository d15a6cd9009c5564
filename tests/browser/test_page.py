"""The page as a person uses it."""

import base64

import pytest

from tests.browser.visit import PHOTOS, pixels, text

TEXT = {"name": "diary.txt", "mimeType": "text/plain", "buffer": b"Dear diary, nothing to cut out here."}


def test_a_refused_file_leaves_the_previous_result(warm):
    warm.with_usual_settings()
    warm.choose(PHOTOS / "cat.png").until_done()
    before = warm.page.get_attribute("#save", "href")
    warm.choose(TEXT)
    assert "not an image" in warm.refusal()
    assert warm.page.get_attribute("body", "data-state") == "done"
    assert warm.page.get_attribute("#save", "href") == before
    assert warm.page.get_attribute("#save", "download") == "cat-cutout.png"
    assert warm.page.evaluate("fetch(document.getElementById('save').href).then((a) => a.ok)")

    warm.page.click("#notice-close")
    assert warm.page.is_hidden("#notice")

    warm.choose(TEXT)
    warm.refusal()
    warm.choose(PHOTOS / "astronaut.png")
    warm.page.wait_for_selector("#save[download='astronaut-cutout.png']")
    assert warm.page.is_hidden("#notice")


CHOOSE = """const choose = (file) => {
    const chosen = new DataTransfer();
    chosen.items.add(file);
    const picker = document.getElementById("photo");
    picker.files = chosen.files;
    picker.dispatchEvent(new Event("change"));
};"""
"""Picks a file within the page, sooner than can be done from here."""

CHOOSE_BOTH = (
    "(photos) => {"
    + CHOOSE
    + """
    const [first, second] = photos.map(([name, text, more]) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        return new File([bytes, new Uint8Array(more)], name, {type: "image/png"});
    });
    choose(first);
    choose(second);
}"""
)
"""Choose two photos at once, the first in a file that takes longer to read."""


def test_the_newest_photo_is_the_one_that_is_edited_though_it_is_read_sooner(warm, tmp_path):
    warm.with_usual_settings()
    chosen = [("astronaut.png", 60_000_000), ("coffee.png", 0)]
    files = [(name, base64.b64encode((PHOTOS / name).read_bytes()).decode(), more) for name, more in chosen]
    warm.expecting_a_photo().page.evaluate(CHOOSE_BOTH, files)
    warm.until_done()
    download = warm.save()
    assert download.suggested_filename == "coffee-cutout.png"
    download.save_as(tmp_path / "cutout.png")
    assert pixels(tmp_path / "cutout.png").shape == (400, 600, 4)


ARRIVE = """([way, target, name, text, more]) => {
    const data = new DataTransfer();
    if (name) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, {type: "image/png"}));
    }
    for (const [type, value] of Object.entries(more)) data.setData(type, value);
    const options = {bubbles: true, cancelable: true};
    document.querySelector(target).dispatchEvent(way === "drop"
        ? new DragEvent("drop", {...options, dataTransfer: data})
        : new ClipboardEvent("paste", {...options, clipboardData: data}));
}"""
"""Drops or pastes a picture, other data, or both."""


def arrive(visitor, way: str, target: str, name: str = "", **more: str) -> None:
    """Drop or paste cat.png under a name, or with `plain`, `html` or `uri_list` what is not a file."""
    picture = base64.b64encode((PHOTOS / "cat.png").read_bytes()).decode()
    data = {"text/" + kind.replace("_", "-"): value for kind, value in more.items()}
    visitor.page.evaluate(ARRIVE, [way, target, name, picture, data])


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_photos_can_be_dropped_anywhere_and_pasted(warm, way):
    warm.with_usual_settings().expecting_a_photo()
    arrive(warm, way, "footer", "held.png")
    warm.until_done()
    assert warm.page.get_attribute("#save", "download") == "held-cutout.png"
    assert warm.page.evaluate("document.activeElement.id") == "view"  # the keys are for the photo


def test_a_picture_dropped_on_the_closed_background_tool_becomes_that_and_an_address_is_answered(warm):
    page = warm.with_usual_settings().page
    warm.choose(PHOTOS / "coffee.png").until_done()
    arrive(warm, "drop", "#tool-background summary", "chart.png")
    page.wait_for_selector("#toast:has-text('chart.png')")
    page.wait_for_selector("[data-tool=background]")
    assert page.is_checked("[name=background][value=image]")
    arrive(warm, "drop", "#view", uri_list="https://example.org/a.png", html="<img src='https://example.org/a.png'>")
    page.wait_for_selector("#notice-text:has-text('address')")
    assert page.inner_text("#notice-text") == text("arrivals.address")
    arrive(warm, "paste", "[data-setting='canvas.width']", "image.png", plain="1080", html="<td>1080</td>")
    assert page.get_attribute("#save", "download").startswith("coffee")
    page.click("#toast-action")  # open the picture as a photo after all
    page.wait_for_selector("#save[download='chart-cutout.png']")


def test_keys_save_and_copy_the_picture(warm):
    page = warm.with_usual_settings().page
    warm.context.grant_permissions(["clipboard-read", "clipboard-write"])
    warm.choose(PHOTOS / "cat.png").until_done()
    with page.expect_download() as download:
        page.keyboard.press("Control+s")
    assert download.value.suggested_filename == "cat-cutout.png"
    page.keyboard.press("Control+c")
    page.wait_for_selector(f"#toast-text:text-is('{text('said.copied')}')")
    copied = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const bitmap = await createImageBitmap(await item.getType("image/png"));
            const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
            context.drawImage(bitmap, 0, 0);
            return [bitmap.width, bitmap.height, context.getImageData(0, 0, 1, 1).data[3]];
        }"""
    )
    assert copied == [451, 300, 0]  # still transparent


def test_the_same_photo_can_be_chosen_twice(warm):
    warm.with_usual_settings()
    warm.choose(PHOTOS / "cat.png").until_done()
    first = warm.page.get_attribute("#save", "href")
    # A picker that still holds the photo would not tell of the same one being chosen again.
    assert warm.page.evaluate("document.getElementById('photo').files.length") == 0
    warm.choose(PHOTOS / "cat.png")
    warm.page.wait_for_function("(before) => document.getElementById('save').href !== before", arg=first)


def test_views_can_be_switched_by_keyboard(warm):
    warm.with_usual_settings()
    warm.choose(PHOTOS / "cat.png").until_done()
    warm.page.focus("#view-menu summary")
    warm.page.keyboard.press("Enter")
    warm.page.focus("input[name=view][value=result]")
    seen = []
    for _ in range(7):
        seen.append(warm.page.get_attribute("body", "data-view"))
        warm.page.keyboard.press("ArrowRight")
    assert seen == ["cutout", "compare", "original", "white", "black", "mask", "removed"]
    warm.page.focus("input[name=view][value=mask]")
    warm.page.keyboard.press("Space")
    assert warm.page.inner_text("#view-name") == text("view.mask")
    warm.page.keyboard.press("Escape")
    assert warm.page.is_hidden("input[name=view][value=mask]")
    assert warm.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_everything_is_reached_by_keyboard_and_has_a_name(warm):
    warm.page.reload()
    warm.choose(PHOTOS / "cat.png").until_done()
    warm.page.mouse.click(2, 2)  # from the top: the photo has the focus
    names = []
    for _ in range(40):
        warm.page.keyboard.press("Tab")
        if warm.page.evaluate("document.activeElement === document.body"):
            break
        names.append(
            warm.page.evaluate(
                "document.activeElement.ariaLabel"
                " || (document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"
            )
        )
    assert all(names)
    unnamed = """[...document.querySelectorAll("button, input, select, summary")].filter((one) =>
        !one.hidden && !(one.ariaLabel || one.labels?.[0]?.textContent.trim() || one.textContent.trim())
    ).map((one) => one.outerHTML)"""
    assert warm.page.evaluate(unnamed) == []  # those in tools that are closed, too
    names = [name.split("\n")[0] for name in names]
    tools = ["Brush", "Improve", "Edges", "Background", "Effects", "Canvas", "History"]
    wanted = [
        "Offcut",
        "Your photos stay on this device",
        "Zoom out",
        "Zoom in",
        "Keyboard shortcuts",
        *tools,
        "Result",
        "View",
        "Made for",
        "Choose photos",
        "Copy",
        "Save PNG",
        "How it is saved",
        "Language",
        "Privacy",
        "Licences",
    ]
    assert [name for name in names if name in wanted] == wanted
    assert any(name.startswith("cat.png") for name in names)


def test_results_are_announced_to_screen_readers(warm):
    warm.with_usual_settings()
    warm.choose(PHOTOS / "cat.png").until_done()
    assert warm.page.locator("#said[role=status]").inner_text() == "Cutout ready, 451 by 300 pixels."
    assert warm.page.locator("#progress-bar").get_attribute("aria-labelledby") == "progress-text"
    warm.choose(TEXT)
    warm.refusal()
    assert "not an image" in warm.page.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_cut_off_at_any_width(warm, width):
    warm.with_usual_settings()
    warm.page.set_viewport_size({"width": width, "height": 844})
    warm.choose(PHOTOS / "cat.png").until_done()
    assert warm.page.evaluate("document.documentElement.scrollWidth") == width
    for name in ("#save", ".another", ".view-controls", "#tools", "footer"):
        box = warm.page.locator(name).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 844
    warm.page.evaluate("""() => {
        document.getElementById("notice-text").textContent = `Could not load ${location.href}${"x".repeat(90)}`;
        document.getElementById("notice").hidden = false;
    }""")
    assert warm.page.evaluate("document.documentElement.scrollWidth") == width
    warm.page.set_viewport_size({"width": 1280, "height": 720})


def test_the_page_never_freezes_while_a_large_photo_is_cut_out(warm, twelve_megapixels, record_property):
    """A page that computes on its main thread stalls for the whole inference; this one for a small part of it."""
    warm.page.reload()
    warm.until_ready()
    warm.page.evaluate("""() => {
        window.stall = 0;
        let last = performance.now();
        const beat = new MessageChannel();
        beat.port1.onmessage = () => {
            const now = performance.now();
            stall = Math.max(stall, now - last);
            last = now;
            setTimeout(() => { last = performance.now(); beat.port2.postMessage(0); }, 0);
        };
        let before = performance.now();
        setInterval(() => {
            const now = performance.now();
            stall = Math.max(stall, now - before - 5);
            before = now;
        }, 5);
    }""")
    began = warm.page.evaluate("performance.now()")
    warm.choose(twelve_megapixels).until_done()
    took = warm.page.evaluate("performance.now()") - began
    stall = warm.page.evaluate("stall")
    record_property("longest_stall_ms", round(stall))
    record_property("took_ms", round(took))
    print(f"longest stall {stall:.0f} ms of {took:.0f} ms")
    assert stall < took / 10


def test_every_language_fits_every_width_and_arabic_runs_from_right_to_left(warm):
    page = warm.with_usual_settings().page
    warm.choose(PHOTOS / "cat.png").until_done()
    page.evaluate("""() => {
        const shown = (names) => [...document.querySelectorAll(names)]
            .filter((one) => !one.matches(".unseen") && one.checkVisibility() && one.clientWidth > 1);
        const overlap = (one, other) => {
            const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
            return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
        };
        globalThis.misplaced = () => {
            const controls = shown(".view-controls > *, .buttons > *");
            const covered = controls.filter((one, at) => controls.slice(0, at).some((other) => overlap(one, other)));
            const cutOff = shown(".view-controls *, .buttons *, .links > *, .tool summary span")
                .filter((one) => !one.matches("select") && one.scrollWidth > one.clientWidth + 1);
            const wide = document.documentElement.scrollWidth > innerWidth ? [document.body] : [];
            return [...covered, ...cutOff, ...wide].map((one) => one.id || one.className || one.textContent);
        };
    }""")
    found = {}
    for language in page.locator("#language option").evaluate_all("(all) => all.map((one) => one.value)"):
        page.select_option("#language", language)
        page.wait_for_selector(f"html[lang={language}]")
        for width in (390, 700, 900, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            found[language, width] = page.evaluate("misplaced()")
        page.set_viewport_size({"width": 390, "height": 844})
        if language == "ar":
            save, brush = (page.locator(name).bounding_box() for name in ("#save-options", "#tool-brush"))
            assert page.get_attribute("html", "dir") == "rtl" and save["x"] < 100 and brush["x"] > 300
    page.select_option("#language", "en")
    page.wait_for_selector("html[lang=en]")
    page.set_viewport_size({"width": 1280, "height": 720})
    assert page.get_attribute("html", "dir") == "ltr" and found == {where: [] for where in found}


@pytest.mark.parametrize("width", [360, 768])
def test_saving_stays_on_the_screen_whatever_lies_above_it(warm, width):
    page = warm.with_usual_settings().page
    page.set_viewport_size({"width": width, "height": 640})
    warm.choose(PHOTOS / "cat.png").until_done()
    page.evaluate("""() => {
        const card = document.createElement("p");
        card.textContent = "a long offer ".repeat(200);
        document.querySelector(".asides").append(card);
    }""")
    assert page.evaluate("document.documentElement.scrollHeight") > 640
    for to in (0, 10_000):
        page.evaluate("(to) => scrollTo(0, to)", to)
        save, tools = (page.locator(name).bounding_box() for name in ("#save", "#tools"))
        assert save["y"] > 0 and save["y"] + save["height"] <= tools["y"]
    page.evaluate("document.querySelector('.asides').lastChild.remove()")
    page.set_viewport_size({"width": 1280, "height": 720})


MODES = {"smart": ("keep", "smart", "box"), "background": ("colour", "gradient", "texture", "blur")}


@pytest.mark.nightly
def test_no_text_of_a_tool_or_menu_is_cut_off_in_any_language(warm):
    page = warm.with_usual_settings().page
    page.set_viewport_size({"width": 390, "height": 844})
    warm.choose(PHOTOS / "cat.png").until_done()
    page.evaluate("""() => {
        for (const one of document.querySelectorAll("details.fine, #preset-check")) one.open = true;
        for (const name of ["shadow.drop", "shadow.contact", "border.shown"]) {
            document.querySelector(`[data-setting="${name}"]`).click();
        }
        globalThis.choose = (name, value) => {
            const list = document.querySelector(name);
            list.value = value;
            list.dispatchEvent(new Event("input", {bubbles: true}));
            list.dispatchEvent(new Event("change", {bubbles: true}));
        };
        globalThis.cutOff = () => [...document.querySelectorAll(".sheet, .popover, dialog[open]")]
            .filter((one) => one.checkVisibility())
            .flatMap((one) => [one, ...one.querySelectorAll("*")])
            .filter((one) => one.checkVisibility() && one.clientWidth > 1 && !one.querySelector(".swatches"))
            .filter((one) => !one.matches(".unseen, input, select, textarea, pre, .code-editor *"))
            .filter((one) => getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1)
            .map((one) => `${one.tagName} ${one.id} ${one.className}: ${one.textContent.trim().slice(0, 50)}`);
    }""")
    page.evaluate("choose('#preset-list', 'de')")  # with a sheet, guides and what to check
    page.wait_for_selector("body[data-idle=yes]")
    found = {}

    def look(place):
        for language in page.locator("#language option").evaluate_all("(all) => all.map((one) => one.value)"):
            page.evaluate("(language) => choose('#language', language)", language)
            page.wait_for_selector(f"html[lang={language}]", state="attached")
            cut_off = page.evaluate("cutOff()")
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                cut_off.append("the page")
            if cut_off:
                found[place, language] = cut_off

    try:
        for tool in ("brush", "smart", "edges", "background", "shadow", "place", "recipe", "history"):
            page.evaluate("(tool) => { document.getElementById('tool-' + tool).open = true; }", tool)
            modes = {"smart": ("keep", "smart", "box"), "background": ("colour", "gradient", "texture", "blur")}.get(
                tool
            )
            for mode in modes or ("",):
                if mode:
                    page.evaluate(
                        "(all) => document.querySelector(`input[name=${all[0]}][value=${all[1]}]`).click()",
                        [tool, mode],
                    )
                look(f"{tool} {mode}")
            page.evaluate("(tool) => { document.getElementById('tool-' + tool).open = false; }", tool)
        for menu in ("view-menu", "save-options"):
            page.evaluate("(menu) => { document.getElementById(menu).open = true; }", menu)
            look(menu)
            page.evaluate("(menu) => { document.getElementById(menu).open = false; }", menu)
        for dialog in ("shortcuts", "own-presets", "network", "drawing"):
            page.evaluate("(dialog) => document.getElementById(dialog).showModal()", dialog)
            look(dialog)
            page.evaluate("(dialog) => document.getElementById(dialog).close()", dialog)
    finally:
        page.evaluate("choose('#language', 'en')")
        page.set_viewport_size({"width": 1280, "height": 720})
    assert found == {}
