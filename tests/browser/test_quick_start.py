"""The start imports bytecode: nothing that every start needs is compiled on the visitor's device."""

import io
import json
import zipfile

from tools.files import hash_bytes
from tools.paths import VENDOR


def test_the_built_engine_and_wheels_are_compiled(built):
    with zipfile.ZipFile(built / "worker" / "offcut.zip") as engine:
        names = set(engine.namelist())
    assert "offcut/pipeline.pyc" in names
    assert not [name for name in names if name.endswith(".py")]

    lock = json.loads((built / "vendor/pyodide/pyodide-lock.json").read_text())
    assert set(lock["packages"]) == {"numpy", "pillow"}
    for package in lock["packages"].values():
        wheel = (built / "vendor/pyodide" / package["file_name"]).read_bytes()
        assert hash_bytes(wheel) == package["sha256"]
        inside = zipfile.ZipFile(io.BytesIO(wheel)).namelist()
        assert not [name for name in inside if name.endswith((".py", ".pyi", ".h")) or "/tests/" in name]


def test_what_every_start_imports_of_the_standard_library_is_compiled(built):
    """And nothing is lost: each module is there as bytecode, or as source in the archive that comes later."""
    with zipfile.ZipFile(VENDOR / "pyodide" / "python_stdlib.zip") as archive:
        original = {name for name in archive.namelist() if not name.endswith("/")}
    with zipfile.ZipFile(built / "vendor/pyodide/python_stdlib.zip") as archive:
        shipped = set(archive.namelist()) - {"late.txt"}
    with zipfile.ZipFile(built / "vendor/pyodide/python_late.zip") as archive:
        late = set(archive.namelist())
    compiled = {name.removesuffix("c") for name in shipped if name.endswith(".pyc")}
    assert shipped - {name + "c" for name in compiled} | compiled | late == original
    assert {
        "asyncio/base_events.py",
        "typing.py",
        "html/entities.py",
        "pyodide/ffi/__init__.py",
        "dataclasses.py",
    } <= compiled
    assert {"pdb.py", "xmlrpc/client.py"} <= late


def test_the_worker_can_import_the_rest_of_the_library(warm):
    """An import does not wait for a coroutine: the archive is fetched in one call, through the service worker."""
    source = """onmessage = ({data}) => {
        const request = new XMLHttpRequest();
        request.open("GET", data, false);
        request.responseType = "arraybuffer";
        request.send();
        postMessage([request.status, request.response.byteLength]);
    }"""
    fetched = warm.page.evaluate(
        """([source, path]) => new Promise((done) => {
        const worker = new Worker(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
        worker.onmessage = ({data}) => { worker.terminate(); done(data); };
        worker.postMessage(new URL(path, location.href).href);
    })""",
        [source, "vendor/pyodide/python_late.zip"],
    )
    assert fetched[0] == 200 and fetched[1] > 1_000_000


def test_webassembly_is_kept_before_it_is_run_so_that_its_compiled_code_is_kept_beside_it(profile):
    """Browsers keep compiled code for the next visit only with a response that came out of the cache."""
    visitor = profile.visit()
    kept = visitor.page.evaluate("""async () => {
        const path = "vendor/pyodide/pyodide.asm.wasm";
        for (const name of await caches.keys()) await (await caches.open(name)).delete(path);
        const gone = !(await caches.match(path));
        const response = await fetch(path);
        const there = !!(await caches.match(path));
        const type = response.headers.get("Content-Type");
        return [gone, there, type, (await WebAssembly.compileStreaming(response)).toString()];
    }""")
    assert kept == [True, True, "application/wasm", "[object WebAssembly.Module]"]


def test_onnxruntime_is_fetched_while_python_starts_and_only_once(visit, faulty):
    python = faulty.hold("python_stdlib.zip")
    visitor = visit(faulty).until_isolated()
    onnxruntime = "onnxruntime-web/ort-wasm-simd-threaded.wasm"
    visitor.until(f"() => caches.match('vendor/{onnxruntime}').then((found) => !!found)")
    assert not [path for path in faulty.asked if path.endswith("ort.wasm.min.mjs")]  # which Python's start ends with
    python.set()
    visitor.until_ready()
    assert len([path for path in faulty.asked if onnxruntime in path]) == 1
