"""The page's modules in MicroPython, as on the page: all of them compile, and the logic behaves as on CPython."""

import ast
import subprocess
import textwrap
from pathlib import Path

import pytest
from export.file_name import file_name

from tools.node import node_program
from tools.paths import ROOT, VENDOR

APP = ROOT / "app"
INTERPRETER = VENDOR / "micropython" / "micropython.mjs"
OF_THE_BROWSER = {"js", "jsffi", "pyscript"}

pytestmark = pytest.mark.skipif(not INTERPRETER.exists(), reason="`python3 -m tools fetch` was not run")


def run(tmp_path: Path, program: str) -> list[str]:
    """The lines that a program prints in MicroPython."""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(program), "utf-8")
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    mounts = [APP, "/", package, "/offcut", ROOT / "worker" / "offcut" / "protocol", "/offcut/protocol"]
    command = [node_program(), ROOT / "tests" / "page" / "micropython.mjs", INTERPRETER, path, *mounts]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def modules() -> dict[str, set[str]]:
    """The page's modules by name, and what each imports."""
    found = {}
    for path in APP.rglob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
        found[path.relative_to(APP).with_suffix("").as_posix().replace("/", ".")] = imported
    return found


def without_browser() -> list[str]:
    """Names of the modules that need no browser, not even through others."""
    known = modules()
    needing = {name for name, imported in known.items() if imported & OF_THE_BROWSER}
    while more := {name for name, imported in known.items() if imported & needing} - needing:
        needing |= more
    return sorted(name for name in set(known) - needing if not name.endswith("__init__") and name != "main")


def test_every_module_compiles(tmp_path):
    files = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    program = f"""
        for name in {files!r}:
            with open("/" + name) as file:
                text = file.read()
            try:
                compile(text, name, "exec")
            except SyntaxError as error:
                print(name, error)
        print("all compiled")
    """
    assert run(tmp_path, program) == ["all compiled"]


def test_the_logic_can_be_imported_without_a_browser(tmp_path):
    names = without_browser()
    assert len(names) >= 25 and {"core.request_queue", "photo.photo_flow", "photo.presenter"} <= set(names)
    program = f"""
        import sys
        sys.path.insert(0, "/")
        for name in {names!r}:
            try:
                __import__(name)
            except Exception as error:
                sys.print_exception(error)
                print(name)
        print("all imported")
    """
    assert run(tmp_path, program) == ["all imported"]


def test_names_of_files_are_cut_as_on_cpython(tmp_path):
    names = [
        "Bildschirmfoto um 10.30.15",
        "a:b.jpeg",
        "aux.png",
        "照" * 90 + ".jpg",
        "x" + "👍🏽" * 90,
        "cat-cutout.PNG",
        "",
    ]
    program = f"""
        import sys
        sys.path.insert(0, "/")
        from export.file_name import file_name
        for name in {names!r}:
            print(file_name(name, "-mask", "webp"))
    """
    assert run(tmp_path, program) == [file_name(name, "-mask", "webp") for name in names]


def test_queue_and_photos_behave_as_on_cpython(tmp_path):
    program = """
        import asyncio
        import sys
        sys.path.insert(0, "/")
        from core import i18n
        from core.log import log
        from core.request_queue import RequestQueue
        from core.signals import Signal
        from core.worker_client import EngineError
        from photo.photo_flow import PhotoFlow

        class Worker:
            is_running = True
            work_reported = Signal()

            async def undo(self, value, on_progress=None):
                on_progress("infer", value, 9)
                await asyncio.sleep(0.03)
                return value

            async def redo(self, on_progress=None):
                raise EngineError("InferenceError", "message")

            async def start_over(self, on_progress=None):
                raise ValueError("a bug")

            async def open_photo(self, file, options, max_pixels, on_progress=None):
                await asyncio.sleep(0.03)
                if file.name == "diary.txt":
                    raise EngineError("NotAnImageError", "message")
                return file

        class File:
            def __init__(self, name):
                self.name = name

        async def choice():
            return "fast", "auto"

        async def main():
            i18n.set_language("en")
            worker, queue = Worker(), RequestQueue()
            queue.progress.connect(lambda *values: print("progress", values))
            queue.failed.connect(lambda error: print("failed", error.name))
            queue.idle_changed.connect(lambda is_idle: print("idle", is_idle))
            for value in (1, 2, 3):
                queue.submit_latest(worker.undo, value, on_success=lambda response: print("got", response))
                await asyncio.sleep(0)
            queue.submit(worker.redo)
            queue.submit(worker.start_over)
            await queue.wait_idle()
            flow = PhotoFlow(worker, queue, choice, lambda: 1, None, None)
            flow.shown.connect(lambda response, name, reopen: print("shown", name))
            flow.finished.connect(lambda response, file: print("finished", file.name))
            flow.refused.connect(lambda error: print("refused", error.name))
            for name in ("cat.png", "coffee.png", "diary.txt"):
                flow.choose(File(name))
            await asyncio.sleep(0.4)
            print([entry[2] for entry in log.entries], "in start_over" in log.report())

        asyncio.create_task(main())
    """
    assert run(tmp_path, program) == [
        "idle False",
        "progress ('infer', 1, 9)",
        "got 1",
        "progress ('infer', 3, 9)",
        "got 3",
        "failed InferenceError",
        "idle True",
        "idle False",
        "shown coffee.png",
        "refused NotAnImageError",
        "idle True",
        "['A request failed'] True",
    ]
