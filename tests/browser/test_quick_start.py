"""The second start: from the interpreter's memory, and without it where that does not fit."""

import io
import json
import zipfile

from tools.hashing import hash_bytes
from visiting import PHOTOS

KEY = """async (change) => {
    const name = (await caches.keys()).find((name) => name.startsWith("offcut-runtime-"));
    const cache = await caches.open(name);
    const key = new URL("vendor/pyodide/snapshot", location.href).href;
    if (change) await cache.put(key, new Response(new Blob([change]).stream().pipeThrough(new CompressionStream("gzip"))));
    return Boolean(await cache.match(key));
}"""


def started_from_snapshot(visitor):
    """Whether the engine says so."""
    return visitor.page.evaluate("offcut.info().then((info) => info.start)") == "snapshot"


def test_the_next_visit_starts_from_a_snapshot_made_here(visit, server):
    visitor = visit(server.url, snapshot=True).until_isolated().until_ready()
    assert not started_from_snapshot(visitor)
    visitor.until(KEY)
    asked = len(visitor.requests)
    visitor.page.reload()
    visitor.until_ready()
    assert started_from_snapshot(visitor)
    assert not [url for url in visitor.requests[asked:] if url.endswith("/snapshot")]
    visitor.choose(PHOTOS / "cat.png").until_done()


def test_a_snapshot_that_does_not_fit_is_thrown_away_and_the_start_goes_on(visit, server):
    visitor = visit(server.url, snapshot=True).until_isolated().until_ready()
    visitor.page.evaluate(KEY, "nothing an interpreter could start from")
    visitor.page.reload()
    visitor.until_ready()
    assert not started_from_snapshot(visitor)
    assert any("starting without the snapshot" in complaint for complaint in visitor.complaints)
    visitor.choose(PHOTOS / "cat.png").until_done()


def test_the_built_engine_and_wheels_are_compiled(built):
    with zipfile.ZipFile(built / "worker" / "offcut.zip") as engine:
        names = set(engine.namelist())
    modules = {name for name in names if name.endswith(".py")}
    assert "offcut/pipeline.py" in modules
    assert {name.replace("/__pycache__", "").replace(".cpython-314.pyc", ".py") for name in names - modules} == modules

    lock = json.loads((built / "vendor/pyodide/pyodide-lock.json").read_text())
    assert set(lock["packages"]) == {"numpy", "pillow"}
    for package in lock["packages"].values():
        wheel = (built / "vendor/pyodide" / package["file_name"]).read_bytes()
        assert hash_bytes(wheel) == package["sha256"]
        inside = zipfile.ZipFile(io.BytesIO(wheel)).namelist()
        assert not [name for name in inside if name.endswith((".py", ".pyi", ".h")) or "/tests/" in name]
