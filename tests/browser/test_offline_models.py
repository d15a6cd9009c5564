"""What is kept on the device, what is thrown away, and what happens to damaged pieces."""

from tests.browser.visit import PHOTOS


def test_a_damaged_chunk_is_noticed_and_fetched_again(visit, faulty):
    faulty.damage["models/chunks/"] = 1
    visitor = visit(faulty.url).until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    chunks = [path for path in faulty.asked if "models/chunks/" in path]
    assert len(chunks) == len(set(chunks)) + 1


def test_a_chunk_that_stays_damaged_is_refused_in_words(visit, faulty):
    faulty.damage["models/chunks/"] = 100
    visitor = visit(faulty.url)
    visitor.choose(PHOTOS / "cat.png")
    assert "damaged" in visitor.refusal()
    faulty.damage.clear()
    visitor.choose(PHOTOS / "cat.png").until_done()


def test_a_chunk_damaged_on_the_device_is_replaced(visit, server):
    visitor = visit(server.url).until_isolated().until_ready()
    visitor.page.evaluate("""async () => {
        const cache = await caches.open("offcut-models");
        for (const request of await cache.keys()) await cache.put(request, new Response("nonsense"));
    }""")
    visitor.page.reload()
    visitor.until_ready().choose(PHOTOS / "cat.png").until_done()
    sizes = visitor.page.evaluate("""async () => {
        const cache = await caches.open("offcut-models");
        const all = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
        return Promise.all(all.map(async (answer) => (await answer.arrayBuffer()).byteLength));
    }""")
    assert sizes and min(sizes) > len("nonsense")


def test_only_verified_chunks_are_kept(visit, faulty):
    faulty.damage["models/chunks/"] = 100
    visitor = visit(faulty.url)
    visitor.refusal()
    kept = visitor.page.evaluate(
        "caches.open('offcut-models').then((cache) => cache.keys()).then((keys) => keys.length)"
    )
    assert kept == 0
