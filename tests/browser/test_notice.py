"""The notice: an error that was not foreseen can be passed on, with its traceback and without the photo."""

from tests.browser.visit import PHOTOS, text

CAT = PHOTOS / "cat.png"

BREAK = """const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (message, ...more) {
    if (window.breaking && JSON.stringify(message).includes("open_photo")) throw new Error("broken on purpose");
    return post.call(this, message, ...more);
};"""
"""Makes the way to the worker fail while `breaking` is set."""


def test_the_details_of_an_unforeseen_error_are_copied_by_keyboard_and_the_next_photo_works(visit, server):
    visitor = visit(
        server, BREAK, permissions=["clipboard-read", "clipboard-write"], viewport={"width": 390, "height": 844}
    ).until_ready()
    page = visitor.page
    page.evaluate("window.breaking = true")
    visitor.choose(CAT)
    assert "broken on purpose" in visitor.refusal()
    assert any("broken on purpose" in line and "\n" in line for line in visitor.complaints)  # the whole of it
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.focus("#notice-copy")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#notice-copy:text-is('{text('notice.copied')}')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Offcut ") and "InternalError: " in copied and "broken on purpose" in copied
    assert "cat" not in copied

    page.evaluate("window.breaking = false")
    visitor.choose(CAT).until_done()
    assert page.is_hidden("#notice")


def test_an_error_that_says_what_to_do_has_no_details(warm):
    warm.with_usual_settings()
    warm.choose({"name": "diary.txt", "mimeType": "text/plain", "buffer": b"Dear diary"})
    warm.refusal()
    assert warm.page.is_hidden("#notice-copy")
