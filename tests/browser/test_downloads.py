"""Models on their way over connections that drop, stall, answer with errors, and a disk that is full."""

import json

from tests.browser.visit import PHOTOS

CAT = PHOTOS / "cat.png"
CHUNKS = "models/chunks/"
KEPT = "caches.open('offcut-models').then((cache) => cache.keys()).then((keys) => keys.length)"


BY_DEFAULT = "localStorage.setItem('offcut-model', 'isnet')"
"""Lets a visit begin with a model of many chunks."""


def chunks_of(faulty, model: str) -> list[str]:
    """The chunks of the file that WebAssembly gets."""
    built = json.loads((faulty.root / "models/catalogue.json").read_text())["models"][model]
    return [piece["sha256"] for piece in built.get("variants", {}).get("wasm", built)["chunks"]]


def asked(faulty) -> list[str]:
    return [path for path in faulty.asked if CHUNKS in path]


def test_dropped_connections_and_passing_errors_are_tried_again(visit, faulty):
    faulty.drop[CHUNKS] = 1
    faulty.answers[CHUNKS] = [429, 500]
    visitor = visit(faulty.url).until_ready()
    visitor.choose(CAT).until_done()
    assert len(asked(faulty)) == len(chunks_of(faulty, "u2netp")) + 3


def test_an_answer_that_stalls_is_given_up_and_asked_for_again(visit, faulty):
    faulty.stall[CHUNKS] = 1
    visitor = visit(faulty.url).until_ready()
    visitor.choose(CAT).until_done()
    assert len(asked(faulty)) == len(chunks_of(faulty, "u2netp")) + 1


def times_asked(faulty, model: str) -> list[int]:
    return [sum(name in path for path in asked(faulty)) for name in chunks_of(faulty, model)]


def test_a_missing_chunk_is_said_in_words_and_the_next_try_begins_there(visit, faulty):
    chunks = chunks_of(faulty, "isnet")
    faulty.answers[chunks[-2]] = [404]
    visitor = visit(faulty.url, go=False)
    visitor.context.add_init_script(BY_DEFAULT)
    visitor.page.goto(faulty.url)
    assert "404" in visitor.refusal() and "could not be downloaded" in visitor.refusal()
    visitor.choose(CAT).until_done()
    assert times_asked(faulty, "isnet") == [1] * (len(chunks) - 2) + [2, 1]


def test_a_closed_tab_loses_no_chunk(visit, faulty):
    chunks = chunks_of(faulty, "isnet")
    held = faulty.hold(chunks[-2])
    visitor = visit(faulty.url, go=False)
    visitor.context.add_init_script(BY_DEFAULT)
    visitor.page.goto(faulty.url)
    visitor.until_isolated().until(f"() => {KEPT}.then((count) => count === {len(chunks) - 1})")
    visitor.page.close()
    held.set()
    page = visitor.context.new_page()
    page.goto(faulty.url)
    page.wait_for_selector("#status[data-state=ready]")
    assert times_asked(faulty, "isnet") == [1] * (len(chunks) - 2) + [2, 1]


def test_a_download_shows_bytes_and_time_is_paused_goes_on_and_is_cancelled(visit, faulty):
    visitor = visit(faulty.url).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    before = len(asked(faulty))
    faulty.slow[CHUNKS] = 0.1
    visitor.page.select_option("#tier-list", "isnet")
    told = r"/^\d+\.\d of 44\.\d MB · .+\/s · \d+ (s|min) left$/"
    visitor.page.wait_for_function(f"{told}.test(document.getElementById('progress-bytes').textContent)")
    assert len(asked(faulty)) - before >= 4  # several at once

    visitor.page.click("#progress-pause")
    visitor.page.wait_for_timeout(1500)
    text, count = visitor.page.inner_text("#progress-bytes"), len(asked(faulty))
    visitor.page.wait_for_timeout(1500)
    assert (visitor.page.inner_text("#progress-bytes"), len(asked(faulty))) == (text, count)
    assert visitor.page.inner_text("#progress-pause") == "Go on"

    visitor.page.click("#progress-pause")
    visitor.until(f"() => {KEPT}.then((count) => count > 3)")
    visitor.page.click("#progress-cancel")
    visitor.page.wait_for_selector("#notice[data-kind=news]:not([hidden])")
    assert "stopped" in visitor.page.inner_text("#notice-text")
    assert visitor.page.get_attribute("body", "data-state") == "done"

    faulty.slow.clear()
    kept = visitor.page.evaluate(
        "caches.open('offcut-models').then((cache) => cache.keys()).then((all) => all.map(({url}) => url))"
    )
    count = len(asked(faulty))
    assert visitor.remove(CAT.read_bytes(), model="isnet")["type"] == "image/png"
    again = [path for path in asked(faulty)[count:] if any(url.endswith(path) for url in kept)]
    assert not again


def test_on_a_full_disk_it_goes_on_from_memory_and_says_so(visit, faulty):
    visitor = visit(faulty.url).until_isolated().until_ready()
    visitor.choose(CAT).until_done()
    kept = visitor.page.evaluate(KEPT)
    session = visitor.context.new_cdp_session(visitor.page)
    origin = visitor.page.evaluate("location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1_000_000})
    visitor.page.select_option("#tier-list", "isnet")
    visitor.page.wait_for_selector("#notice[data-kind=news]:not([hidden])")
    assert "no room" in visitor.page.inner_text("#notice-text")
    assert "IS-Net" in visitor.page.inner_text("#status")
    assert visitor.page.get_attribute("body", "data-state") == "done"
    visitor.page.click("#storage-open")
    visitor.page.wait_for_selector("#storage .models li")
    assert visitor.page.inner_text("#storage").count("not on this device") == 2
    assert visitor.page.evaluate(KEPT) == kept
