"""The rules of the house that only its own source can break."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from offcut.progress import OCCASIONAL_STAGES, STAGES
from tests.unit.offcut.samples import ROOT

WORKER = ROOT / "worker"
OFFCUT = WORKER / "offcut"
MODULES = {path.relative_to(OFFCUT).as_posix(): ast.parse(path.read_text("utf-8")) for path in OFFCUT.rglob("*.py")}
IN_BROWSER = {name for name in MODULES if name.startswith("browser/")}
ON_CPYTHON = {"__main__.py", "cli.py", "inference/onnx_native.py"}
JAVASCRIPT = {"js", "pyodide", "pyodide_js", "pyscript"}


def imported(tree: ast.AST) -> set[str]:
    """Top names of what a module imports from outside its package, wherever in it."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.split(".")[0])
    return names - {"offcut"}


def imported_within(name: str, tree: ast.AST) -> set[str]:
    """Modules of the engine that one of them imports, as their files."""
    files = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "offcut":
            base = PurePosixPath(*node.module.split(".")[1:])
            for candidate in (base, *(base / alias.name for alias in node.names)):
                files |= {f"{candidate.as_posix()}.py", (candidate / "__init__.py").as_posix()} & set(MODULES)
    return files


def listed(configuration: Path) -> dict[str, str]:
    return tomllib.loads(configuration.read_text("utf-8"))["files"]


def test_the_rules_look_at_the_engine():
    assert set(MODULES) > IN_BROWSER | ON_CPYTHON and len(MODULES) > 15


@pytest.mark.parametrize("name", sorted(set(MODULES) - IN_BROWSER))
def test_only_the_rooms_of_the_browser_import_javascript(name):
    assert not imported(MODULES[name]) & JAVASCRIPT


@pytest.mark.parametrize("name", sorted(set(MODULES) - IN_BROWSER - {"__main__.py", "cli.py"}))
def test_no_other_room_imports_the_rooms_of_the_browser(name):
    """It could then not be used on CPython."""
    assert not imported_within(name, MODULES[name]) & IN_BROWSER


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_engine_needs_numpy_and_pillow_and_nothing_else(name):
    allowed = set(sys.stdlib_module_names) | {"numpy", "PIL"}
    allowed |= JAVASCRIPT if name in IN_BROWSER else set()
    allowed |= {"onnxruntime"} if name == "inference/onnx_native.py" else set()
    assert imported(MODULES[name]) <= allowed


def test_importing_the_pipeline_imports_neither_the_browser_nor_onnxruntime():
    code = "import sys, offcut.pipeline, offcut.editing.editor; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    names = set(done.stdout.split())
    assert {"offcut.codecs.decode", "offcut.compositing", "offcut.inference.preprocess", "numpy"} <= names
    assert not {name for name in names if name.startswith("offcut.browser")}
    assert not names & (JAVASCRIPT | {"onnxruntime", "offcut.native", "offcut.cli"})


def test_the_worker_is_given_the_engine_as_one_archive():
    assert listed(ROOT / "pyscript.toml") == {"./worker/offcut.zip": "./*"}


def test_the_page_is_given_its_modules_and_languages_as_one_archive():
    assert listed(ROOT / "app" / "pyscript.toml") == {"./modules.bin?.tar.gz": "./*"}


def session_methods() -> set[str]:
    """What `Session` describes once for all runtimes."""
    protocol = next(
        node
        for node in MODULES["inference/session.py"].body
        if isinstance(node, ast.ClassDef) and node.name == "Session"
    )
    return {node.name for node in protocol.body if isinstance(node, ast.AsyncFunctionDef) and ast.get_docstring(node)}


def public(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """Public functions and classes of a module, and the public methods of its public classes."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = []
    for node in tree.body:
        if isinstance(node, (*functions, ast.ClassDef)) and not node.name.startswith("_"):
            found.append((node.name, node))
            if isinstance(node, ast.ClassDef):
                inherited = session_methods() if node.name.endswith("Session") and node.name != "Session" else set()
                found += [
                    (f"{node.name}.{part.name}", part)
                    for part in node.body
                    if isinstance(part, functions) and not part.name.startswith("_") and part.name not in inherited
                ]
    return found


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_module_and_everything_public_in_it_says_what_it_is(name):
    assert ast.get_docstring(MODULES[name])
    silent = [said for said, node in public(MODULES[name]) if not ast.get_docstring(node)]
    assert silent == []


def test_every_stage_that_the_engine_tells_has_words_on_the_page():
    for language in (ROOT / "app" / "languages").glob("*.json"):
        words = json.loads(language.read_text("utf-8"))
        assert {f"progress.{stage}" for stage in (*STAGES, *OCCASIONAL_STAGES)} <= set(words), language.name
