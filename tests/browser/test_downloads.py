"""Models on their way over connections that drop, stall, answer with errors, on a disk that is full, and damaged there.

What is tried again, how often and when is tested without a browser (tests/unit/offcut/models/test_download.py); here it
is shown that a browser's requests and its storage are what those tests take them for.
"""

import json

import pytest

from tests.browser.tiny_site import QUALITY
from tests.browser.visit import PHOTOS, default_model, eventually

CAT = PHOTOS / "cat.png"
CHUNKS = "models/chunks/"
CACHED = "caches.open('offcut-models').then((cache) => cache.keys()).then((all) => all.map(({url}) => url))"


def chunks_of(server, model: str) -> list[str]:
    """Names of the chunks of the file that WebAssembly gets."""
    built = json.loads((server.root / "models/catalogue.json").read_text())["models"][model]
    return [piece["sha256"] for piece in built.get("variants", {}).get("wasm", built)["chunks"]]


def times_asked(server, model: str) -> list[int]:
    return [sum(name in path for path in server.asked if CHUNKS in path) for name in chunks_of(server, model)]


def test_what_a_connection_loses_damages_or_never_ends_is_asked_for_again(profile):
    visitor = profile.visit(model=QUALITY, go=False)
    server = profile.server
    first, second, third, last = chunks_of(server, QUALITY)
    server.damage[first] = 1
    server.drop[second] = 1
    server.answers[third] = [429, 500]
    server.stall[last] = 1
    visitor.go().until_ready().choose(CAT).until_done()
    assert times_asked(server, QUALITY) == [2, 2, 3, 2]
    assert visitor.page.is_hidden("#notice")


def test_a_newcomers_network_comes_while_python_starts_and_only_once(visit, faulty):
    first = default_model(faulty.root)
    numpy = faulty.hold("vendor/pyodide/numpy-")
    visitor = visit(faulty, model=None)
    eventually(lambda: all(times_asked(faulty, first)), "the network is fetched", visitor.page)
    numpy.set()
    visitor.until_ready()
    assert set(times_asked(faulty, first)) == {1}
    assert visitor.page.is_hidden("#notice")


@pytest.mark.nightly
def test_a_missing_chunk_is_explained_and_the_next_try_begins_there(profile):
    visitor = profile.visit(model=QUALITY, go=False)
    chunks = chunks_of(profile.server, QUALITY)
    profile.server.answers[chunks[-2]] = [404]
    visitor.go()
    assert "404" in visitor.refusal() and "could not be downloaded" in visitor.refusal()
    visitor.choose(CAT).until_done()
    assert times_asked(profile.server, QUALITY) == [1] * (len(chunks) - 2) + [2, 1]


@pytest.mark.nightly
def test_a_closed_tab_loses_no_chunk(profile):
    visitor = profile.visit(model=QUALITY, go=False)
    chunks = chunks_of(profile.server, QUALITY)
    held = profile.server.hold(chunks[-2])
    visitor.go().until(f"async () => (await {CACHED}).length === {len(chunks) - 1}")
    visitor.page.close()
    held.set()
    page = visitor.context.new_page()
    page.goto(visitor.url)
    page.wait_for_selector("#status[data-state=ready]")
    assert times_asked(profile.server, QUALITY) == [1] * (len(chunks) - 2) + [2, 1]


def test_a_download_shows_bytes_and_time_is_paused_goes_on_and_is_cancelled(profile):
    visitor = profile.visit().until_ready().choose(CAT).until_done()
    page, server = visitor.page, profile.server
    cached = len(page.evaluate(CACHED))
    server.slow[CHUNKS] = 0.1
    page.click("#tool-smart summary")
    page.select_option("#tier-list", QUALITY)
    progress = r"/^\d+\.\d of 7\.\d MB · .+\/s · \d+ (s|min) left$/"
    page.wait_for_function(f"{progress}.test(document.getElementById('progress-bytes').textContent)")
    assert len(server.answering) == 2  # the large ones, both at once

    page.click("#progress-pause")
    eventually(lambda: not server.answering, "the requests are ended", page)
    assert page.inner_text("#progress-pause") == "Go on"
    asked = len(server.asked)

    server.slow.clear()
    server.hold(chunks_of(server, QUALITY)[2])
    page.click("#progress-pause")
    visitor.until(
        f"async () => (await {CACHED}).length === {cached + 2}"
    )  # the last one is that of the other network too
    assert len(server.asked) == asked + 2
    page.click("#progress-cancel")
    page.wait_for_selector("#notice[data-kind=news]:not([hidden])")
    assert "stopped" in page.inner_text("#notice-text")
    assert page.get_attribute("body", "data-state") == "done"

    server.release()
    there = page.evaluate(CACHED)
    asked = len(server.asked)
    assert visitor.remove(CAT.read_bytes(), model=QUALITY)["type"] == "image/png"
    again = [path for path in server.asked[asked:] if CHUNKS in path]
    assert len(again) == 1 and not any(url.endswith(again[0]) for url in there)


def test_on_a_full_disk_it_goes_on_from_memory_and_says_so(profile):
    visitor = profile.visit().until_ready().choose(CAT).until_done()
    page = visitor.page
    cached = page.evaluate(CACHED)
    session = visitor.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1_000_000})
    try:
        page.click("#tool-smart summary")
        page.select_option("#tier-list", QUALITY)
        page.wait_for_selector("#notice[data-kind=news]:not([hidden])")
        assert "no room" in page.inner_text("#notice-text")
        assert page.evaluate("offcut.info().then((info) => info.model)") == QUALITY
        assert page.get_attribute("body", "data-state") == "done"
        page.click("#privacy-open")
        page.click("#storage-open")
        page.wait_for_selector("#storage .models li")
        assert "7.9 MB · on this device" not in page.inner_text("#storage")
        assert page.evaluate(CACHED) == cached
    finally:
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin})


@pytest.mark.nightly
def test_a_chunk_that_stays_damaged_is_refused_in_words_and_never_cached(profile):
    visitor = profile.visit(go=False)
    profile.server.damage[CHUNKS] = 100
    visitor.go()
    assert "damaged" in visitor.refusal()
    assert visitor.page.evaluate(CACHED) == []
    profile.server.damage.clear()
    visitor.choose(CAT).until_done()


def test_a_chunk_damaged_on_the_device_is_replaced(profile):
    visitor = profile.visit().until_ready()
    visitor.page.evaluate("""async () => {
        const cache = await caches.open("offcut-models");
        for (const request of await cache.keys()) await cache.put(request, new Response("nonsense"));
    }""")
    visitor.page.reload()
    visitor.until_ready().choose(CAT).until_done()
    sizes = visitor.page.evaluate("""async () => {
        const cache = await caches.open("offcut-models");
        const all = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
        return Promise.all(all.map(async (answer) => (await answer.arrayBuffer()).byteLength));
    }""")
    assert sizes and min(sizes) > len("nonsense")
