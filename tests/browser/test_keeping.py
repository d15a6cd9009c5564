"""What is kept on the device, what is thrown away, and what happens to damaged pieces."""

import shutil

from tools.server import serving
from visiting import PHOTOS

NAMES = "caches.keys().then((names) => names.sort())"


def test_a_damaged_chunk_is_noticed_and_fetched_again(visit, unruly):
    unruly.damage["models/chunks/"] = 1
    visitor = visit(unruly.url).until_ready()
    visitor.choose(PHOTOS / "cat.png").until_done()
    chunks = [path for path in unruly.asked if "models/chunks/" in path]
    assert len(chunks) == len(set(chunks)) + 1


def test_a_chunk_that_stays_damaged_is_refused_in_words(visit, unruly):
    unruly.damage["models/chunks/"] = 100
    visitor = visit(unruly.url)
    visitor.choose(PHOTOS / "cat.png")
    assert "damaged" in visitor.refusal()
    unruly.damage.clear()
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
    assert sorted(sizes)[-1] == 4 * 1024 * 1024


def test_a_new_version_replaces_the_old_and_touches_nothing_foreign(visit, built, tmp_path):
    root = tmp_path / "site"
    shutil.copytree(built, root)
    with serving(root, "/app/") as server:
        visitor = visit(server.url).until_isolated().until_ready()
        visitor.page.evaluate("caches.open('another-project').then((cache) => cache.put('x', new Response('theirs')))")
        before = visitor.page.evaluate(NAMES)
        assert len([name for name in before if name.startswith("offcut-app-")]) == 1

        old = next(name for name in before if name.startswith("offcut-app-")).removeprefix("offcut-app-")
        for name in ("sw.js", "index.html", "files.json"):
            path = root / name
            path.write_text(path.read_text().replace(old, "ffffffffffff"))
        (root / "index.html").write_text((root / "index.html").read_text().replace("Drop a photo anywhere", "Drop it"))

        # The new version waits while a tab of the old one is open: two versions are never mixed.
        visitor.page.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update())")
        visitor.until("() => navigator.serviceWorker.getRegistration().then((it) => !!it.waiting)")
        visitor.page.reload()
        assert "Drop a photo anywhere" in visitor.page.inner_text("main")

        visitor.page.goto("about:blank")
        visitor.page.wait_for_timeout(500)
        visitor.page.goto(server.url)
        visitor.until_ready()
        assert "Drop it" in visitor.page.inner_text("main")
        after = visitor.page.evaluate(NAMES)
        assert "another-project" in after and "offcut-models" in after
        assert [name for name in after if name.startswith("offcut-app-")] == ["offcut-app-ffffffffffff"]
        assert [name for name in after if "runtime" in name] == [name for name in before if "runtime" in name]


def test_only_verified_chunks_are_kept(visit, unruly):
    unruly.damage["models/chunks/"] = 100
    visitor = visit(unruly.url)
    visitor.refusal()
    kept = visitor.page.evaluate("caches.open('offcut-models').then((cache) => cache.keys()).then((keys) => keys.length)")
    assert kept == 0
