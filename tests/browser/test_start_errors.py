"""When Python cannot come up, the page says at once what is wrong, and names the file where one is to blame."""

import pytest

from tests.browser.visit import Visit, text

NO_SERVICE_WORKER = "delete Navigator.prototype.serviceWorker;"  # so that every file comes from the server


def why(visitor: Visit) -> str:
    """The sentence, which must be there long before anyone gives up."""
    visitor.page.wait_for_selector("#notice[data-kind=error]:not([hidden])", timeout=20_000)
    assert visitor.page.get_attribute("#status", "data-state") == "failed"
    assert visitor.page.is_hidden("#slow")
    return visitor.page.inner_text("#notice-text")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("delete window.WebAssembly;", text("start.webassembly")),
        ("WebAssembly.validate = () => false;", text("start.old").format(missing="SIMD, exceptions, bulk memory")),
        (
            "Object.defineProperty(navigator, 'languages', {value: ['zh-TW']}); delete window.WebAssembly;",
            "锁定模式",
        ),
    ],
    ids=["none", "old", "chinese"],
)
def test_a_browser_without_webassembly_is_told_how_to_allow_it(visit, server, script, expected):
    visitor = visit(server, script)
    assert expected in why(visitor)
    answer = visitor.page.evaluate("offcut.remove(new Blob(['x'])).catch((error) => [error.name, error.message])")
    assert answer[0] == "UnsupportedBrowserError" and expected in answer[1]


@pytest.mark.parametrize("file", ["vendor/pyscript/core.js", "app/main.py", "vendor/pyodide/pyodide.asm.wasm"])
def test_a_missing_file_is_named(visit, faulty, file):
    faulty.answers[file] = [404] * 9
    sentence = why(visit(faulty, NO_SERVICE_WORKER))
    assert sentence == text("start.missing").format(file=file, status=404)


def test_a_page_that_fails_while_it_is_made_says_so(visit, faulty):
    """Python is up then, but nothing on the page works."""
    visitor = visit(faulty, "addEventListener('DOMContentLoaded', () => document.getElementById('specks').remove())")
    assert text("error.InternalError").split("{")[0].strip() in why(visitor)


def test_a_wrong_type_is_named(visit, faulty):
    faulty.types[".mjs"] = "application/octet-stream"
    sentence = why(visit(faulty, NO_SERVICE_WORKER))
    assert ".mjs" in sentence and "application/octet-stream" in sentence and "text/javascript" in sentence


def test_a_sandbox_that_keeps_its_files_from_the_page_is_named(visit, server):
    visitor = visit(server, go=False)
    body = f'<iframe sandbox="allow-scripts" src="{server.url}" width=900 height=700></iframe>'
    host = server.url.split("/some/")[0] + "/host"
    visitor.context.route(host, lambda route: route.fulfill(content_type="text/html", body=body))
    visitor.page.goto(host)
    frame = visitor.page.frame_locator("iframe")
    frame.locator("#notice[data-kind=error]:not([hidden])").wait_for(timeout=20_000)
    assert frame.locator("#notice-text").inner_text() == text("start.frame").format(address=server.url)


def test_without_scripts_the_page_says_that_it_needs_them(visit, faulty):
    page = visit(faulty, java_script_enabled=False).page
    assert "JavaScript is switched off" in page.inner_text("main")
    assert not page.is_visible(".invitation") and not page.is_visible("#status")


def test_a_first_script_that_does_not_run_is_noticed_by_the_style(visit, faulty):
    faulty.answers["app/boot.js"] = [404]
    page = visit(faulty, NO_SERVICE_WORKER).page
    assert not page.is_visible("#unstarted")
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    assert page.is_visible("#unstarted")
    assert page.inner_text("#unstarted p") == text("start.script")
    page.click("#unstarted-again")
    page.wait_for_selector("#unstarted", state="detached")
