"""Every way out is closed by the browser, for the page and for Python's worker, and every attempt is shown."""

from collections.abc import Iterator

import pytest

from tests.browser.other_origin import OtherOrigin
from tests.browser.profile import INSTALLED
from tests.browser.visit import PHOTOS, Visit, eventually, text
from tools.server import serving

WAYS = {
    "fetch": "fetch(there, {mode: 'no-cors', method: 'POST', body: 'photo'}).catch(() => {})",
    "xhr": "{ const it = new XMLHttpRequest(); it.open('GET', there); it.send(); }",
    "socket": "try { new WebSocket(there.replace('http', 'ws')); } catch {}",
    "events": "try { new EventSource(there); } catch {}",
    "import": "import(there).catch(() => {})",
    "worker-import": "new Worker(URL.createObjectURL(new Blob([`import('${there}').catch(() => {})`])))",
    "worker-script": "new Worker(URL.createObjectURL(new Blob([`try { importScripts('${there}') } catch {}`])))",
    "worker-fetch": (
        "new Worker(URL.createObjectURL(new Blob([`fetch('${there}', {mode: 'no-cors'}).catch(() => {})`])))"
    ),
}
OF_PAGE = {
    "image": "new Image().src = there",
    "beacon": "navigator.sendBeacon(there, 'photo')",
    "form": """{ const form = document.createElement('form');
        const frame = Object.assign(document.createElement('iframe'), {name: 'away'});
        Object.assign(form, {action: there, method: 'post', target: 'away'});
        document.body.append(frame, form); form.submit(); }""",
    "script": "document.body.append(Object.assign(document.createElement('script'), {src: there}))",
    "style": "document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: there}))",
    "prefetch": "document.head.append(Object.assign(document.createElement('link'), {rel: 'prefetch', href: there}))",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: there}))",
    "object": "document.body.append(Object.assign(document.createElement('object'), {data: there}))",
    "video": "Object.assign(document.createElement('video'), {src: there, preload: 'auto'}).load()",
    "font": "new FontFace('away', `url(${there})`).load().catch(() => {})",
    "css-url": "document.body.style.backgroundImage = `url(${there})`",
}
UNHEARD = {"worker-import", "worker-script", "worker-fetch"}
"""A worker made there reports only to itself, so these are only looked for at the other origin."""

BY_ORIGIN = {"frame", "object"}
"""Reported without the path of the address."""


def attempt(where, ways: dict[str, str], base: str) -> None:
    for name, way in ways.items():
        where.evaluate(f"(there) => {{ {way} }}", base + name)


@pytest.fixture
def elsewhere() -> Iterator[OtherOrigin]:
    with OtherOrigin() as running:
        yield running


def python_of(visitor: Visit):
    """Python's worker; onnxruntime's threads are workers of that one, which Playwright does not list."""
    found = [worker for worker in visitor.page.workers if worker.url.startswith("blob:")]
    assert len(found) == 1
    return found[0]


def until_reported(visitor: Visit, names: set[str]) -> None:
    def are_reported() -> bool:
        reported = visitor.page.evaluate("offcut.blocked.map(({where}) => where)")
        ends = {where.rsplit("/", 1)[-1] for where in reported}
        by_origin = sum(where.count("/") == 2 for where in reported)
        return names - BY_ORIGIN <= ends and (BY_ORIGIN - names == BY_ORIGIN or by_origin >= 2)

    eventually(are_reported, f"{sorted(names)} are reported", visitor.page)


def until_workers_failed(visitor: Visit, elsewhere: OtherOrigin) -> None:
    """Wait until one more worker, made after all the others, has failed to get out."""
    answer = visitor.page.evaluate(
        """(there) => new Promise((done) => {
            const request = `fetch("${there}", {mode: "no-cors"})`;
            const code = `${request}.then(() => postMessage("out"), () => postMessage("failed"))`;
            new Worker(URL.createObjectURL(new Blob([code]))).onmessage = ({data}) => done(data);
        })""",
        elsewhere.url + "last",
    )
    assert answer == "failed"


def test_each_way_leads_out_where_there_is_no_policy(visit, elsewhere, tmp_path):
    """Otherwise the test below would prove nothing."""
    (tmp_path / "index.html").write_text("<!doctype html><body>no policy</body>")
    with serving(tmp_path) as server:
        visitor = visit(server)
        ways = WAYS | OF_PAGE
        attempt(visitor.page, ways, elsewhere.url)
        eventually(lambda: set(ways) <= set(elsewhere.reached), "all of it reaches the other origin", visitor.page)
        assert set(elsewhere.reached) == set(ways)


def test_no_way_leads_out_of_the_page_or_of_pythons_worker_and_each_attempt_is_reported(visit, server, elsewhere):
    visitor = visit(server).until_isolated().until_ready()
    assert visitor.page.evaluate("offcut.blocked.length") == 0
    python = python_of(visitor)
    attempt(visitor.page, WAYS | OF_PAGE, elsewhere.url)
    until_reported(visitor, set(WAYS | OF_PAGE) - UNHEARD)

    visitor.page.evaluate("offcut.blocked.length = 0")
    attempt(python, WAYS, elsewhere.url)
    python.evaluate("(there) => { try { importScripts(there) } catch {} }", elsewhere.url + "import-scripts")
    until_reported(visitor, set(WAYS) - UNHEARD)

    until_workers_failed(visitor, elsewhere)
    assert elsewhere.reached == []
    visitor.choose(PHOTOS / "cat.png").until_done()

    visitor.page.click("#privacy-open")
    visitor.page.wait_for_selector("#privacy .figures")
    assert elsewhere.url + "fetch" in visitor.page.inner_text("#privacy")
    figure = visitor.page.locator("#privacy .figures li", has_text=text("privacy.blocked"))
    shown = figure.locator("strong").inner_text()
    assert int(shown) == visitor.page.evaluate("offcut.blocked.length") >= 5


def test_nothing_with_a_body_passes_even_to_the_own_site(profile):
    server, visitor = profile.server, profile.visit().until_ready()
    before = len(server.posted)
    answer = visitor.page.evaluate("fetch('anything', {method: 'POST', body: 'photo'}).then((answer) => answer.status)")
    visitor.page.evaluate("navigator.sendBeacon('anything', 'photo')")
    python = python_of(visitor)
    python.evaluate("(there) => fetch(there, {method: 'PUT', body: 'photo'}).catch(() => {})", server.url + "anything")
    visitor.page.wait_for_function("offcut.blocked.length === 3")
    assert answer == 405 and len(server.posted) == before == 0
    assert visitor.page.evaluate("offcut.blocked.map(({what}) => what).sort()") == ["POST", "POST", "PUT"]


def test_web_rtc_which_no_policy_can_name_is_taken_away(warm):
    assert warm.page.evaluate("[typeof RTCPeerConnection, typeof webkitRTCPeerConnection]") == ["undefined"] * 2


def test_the_headers_of_the_service_worker_are_those_of_the_page(profile):
    visitor = profile.visit(go=False)
    answer = visitor.page.goto(visitor.url)
    headers = answer.all_headers()
    meta = visitor.page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert headers["content-security-policy"] == meta and "default-src 'none'" in meta
    assert headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert visitor.page.evaluate("document.featurePolicy.allowsFeature('camera')") is False


def test_kept_documents_and_scripts_have_these_headers_already(profile):
    """So they are returned unchanged, and the browser reads them although the service worker may have been replaced."""
    visitor = profile.visit().until_ready().until(INSTALLED)
    found = visitor.page.evaluate("""async () => {
        const found = {};
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys())
                if (/(\\/|\\.html|\\.m?js)$/.test(request.url))
                    found[request.url] = (await cache.match(request)).headers.get("cross-origin-embedder-policy");
        }
        return found;
    }""")
    assert len(found) > 10
    assert set(found.values()) == {"require-corp"}


def test_without_headers_the_pages_own_element_closes_the_ways(visit, server, elsewhere):
    visitor = visit(server, service_workers="block")
    attempt(visitor.page, WAYS | OF_PAGE, elsewhere.url)
    until_reported(visitor, set(WAYS | OF_PAGE) - UNHEARD)
    until_workers_failed(visitor, elsewhere)
    assert elsewhere.reached == []
