"""Connections that break at each file of a first visit: recovered, or said with a button, and never inherited."""

import os
import shutil

import pytest

from tests.browser.deployments import deploy
from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import INSTALLED
from tests.browser.visit import PHOTOS, Visit, eventually

CAT = PHOTOS / "cat.png"

KINDS = {
    "first script": "app/boot.js",
    "picture": "app/icon.svg",
    "page": "app/main.py",
    "service worker": "/sw.js",
    "list": "files.json",
    "pyscript": "pyscript/core.js",
    "interpreter": "interpreter.mjs",
    "pyodide": "pyodide.asm.wasm",
    "library": "python_stdlib.zip",
    "wheel": "numpy-",
    "engine": "worker/offcut.zip",
    "onnxruntime": "ort.wasm.min.mjs",
    "its wasm": "ort-wasm-simd-threaded.wasm",
    "catalogue": "catalogue.json",
    "chunk": "models/chunks/",
}
"""Parts of the paths that a first visit asks for, by what they are."""


def disturb(server: FaultyServer, part: str, fault: str) -> None:
    """Have the next two answers of a file be faulty; of those that never end one is enough."""
    if fault in ("404", "429", "500"):
        server.answers[part] = [int(fault)] * 2
    else:
        counts = {
            "reset": server.reset_connections,
            "drop": server.drop,
            "stall": server.stall,
            "damage": server.damage,
            "cut": server.cut,
            "longer": server.longer,
            "portal": server.portal,
        }
        counts[fault][part] = 1 if fault == "stall" else 2


def arrives(visitor: Visit) -> bool:
    """Whether the page comes up, or says in words what is wrong and offers a button."""
    words = "#notice[data-kind=error]:not([hidden]), #slow:not([hidden]), #unstarted"
    visitor.page.wait_for_selector(f"#status[data-state=ready], {words}")
    if visitor.page.get_attribute("#status", "data-state") == "ready":
        return True
    visitor.page.wait_for_selector("#notice-again:visible, #slow-again:visible, #unstarted-again:visible")
    return False


def works_again_and_offline(visitor: Visit, server: FaultyServer) -> None:
    """A second visit with a sound network, and a third without any."""
    server.reset()
    visitor.page.goto("about:blank")
    visitor.go().until_ready().until(INSTALLED)
    visitor.choose(CAT).until_done()
    server.stop()
    visitor.page.goto("about:blank")
    visitor.go().until_ready().choose(CAT).until_done()


def test_faults_at_many_files_of_one_first_visit_are_recovered_and_nothing_broken_is_kept(visit, faulty):
    for part, fault in {
        "files.json": "portal",
        "app/modules.bin": "drop",
        "worker/offcut.zip": "cut",
        "pyscript/core.js": "portal",
        "pyodide.asm.wasm": "damage",
        "python_stdlib.zip": "drop",
        "numpy-": "500",
        "pillow-": "reset",
        "ort.wasm.min.mjs": "longer",
        "ort-wasm-simd-threaded.wasm": "429",
        "models/chunks/": "damage",
    }.items():
        disturb(faulty, part, fault)
        for counts in (faulty.portal, faulty.drop, faulty.cut, faulty.damage, faulty.reset_connections, faulty.longer):
            counts.update(dict.fromkeys(counts, 1))
    visitor = visit(faulty).until_isolated().until_ready()
    assert visitor.page.is_hidden("#notice")
    works_again_and_offline(visitor, faulty)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", ["reset", "drop", "404", "429", "500", "damage", "cut", "longer", "portal", "stall"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_a_file_of_a_first_visit_is_recovered_or_said_and_never_inherited(visit, faulty, kind, fault):
    disturb(faulty, KINDS[kind], fault)
    visitor = visit(faulty, go=False, model=None)
    visitor.page.goto(visitor.url, wait_until="commit")  # with a file that never ends, a page is never loaded
    arrives(visitor)
    eventually(lambda: any(KINDS[kind] in path for path in faulty.asked), "the file is asked for", visitor.page)
    works_again_and_offline(visitor, faulty)


@pytest.mark.nightly
def test_a_slow_connection_is_waited_for(visit, faulty):
    faulty.slow = {"vendor/": 0.2}
    visitor = visit(faulty).until_ready()
    assert visitor.page.is_hidden("#notice")


@pytest.fixture
def mixed(tiny, tmp_path):
    """A server of which every second answer is of another version, and the folder of the newer one."""

    def copy(name: str):
        root = tmp_path / name
        shutil.copytree(tiny, root, ignore=shutil.ignore_patterns("vendor"))
        shutil.copytree(tiny / "vendor", root / "vendor", copy_function=os.link)
        return root

    newer = copy("newer")
    deploy(newer, "d" * 12, Drop_one_photo_or_many="Drop it")
    with FaultyServer(copy("older"), "/app/") as server:
        server.start()
        yield server, newer


@pytest.mark.nightly
@pytest.mark.parametrize("is_first", [True, False], ids=["a first visit", "a later visit"])
def test_old_and_new_files_that_are_mixed_for_a_while_break_no_visit(visit, mixed, is_first):
    server, newer = mixed
    visitor = visit(server, go=False)
    if not is_first:
        visitor.go().until_isolated().until_ready()
    server.mixed_with = newer
    for _ in range(3):
        visitor.page.goto("about:blank")
        visitor.go()
        if arrives(visitor):
            visitor.choose(CAT).until_done()
    server.root, server.mixed_with = newer, None

    def is_new() -> bool:
        visitor.page.goto("about:blank")
        visitor.go().until_ready()
        return "Drop it" in visitor.page.inner_text("main")

    eventually(is_new, "the new version comes", visitor.page)
    visitor.choose(CAT).until_done()
