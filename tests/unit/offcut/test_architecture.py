"""Rules about the source itself. Which package may import which is in pyproject.toml, `[tool.importlinter]`."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from offcut.progress import OCCASIONAL_STAGES, STAGES
from tests.unit.offcut.samples import ROOT

WORKER = ROOT / "worker"
OFFCUT = WORKER / "offcut"
MODULES = {path.relative_to(OFFCUT).as_posix(): ast.parse(path.read_text("utf-8")) for path in OFFCUT.rglob("*.py")}
IN_BROWSER = {name for name in MODULES if name.startswith("browser/")}
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


def listed(configuration: Path) -> dict[str, str]:
    return tomllib.loads(configuration.read_text("utf-8"))["files"]


def test_the_rules_cover_the_engine():
    assert IN_BROWSER and {"pipeline.py", "inference/onnx_native.py"} < set(MODULES) and len(MODULES) > 15


EXTRAS = {
    "codecs/native_heic.py": {"pillow_heif"},
    "cli/cluster.py": {"distributed"},
    "cli/completion.py": {"shtab"},
    "cli/reporting.py": {"tqdm"},
    "inference/onnx_native.py": {"onnxruntime"},
}
"""What modules import that extras of the package bring, where they are needed."""


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_engine_needs_numpy_and_pillow_and_nothing_else(name):
    allowed = set(sys.stdlib_module_names) | {"numpy", "PIL"}
    allowed |= JAVASCRIPT if name in IN_BROWSER else set()
    allowed |= EXTRAS.get(name, set())
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


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CLASSES = {node.name: node for tree in MODULES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def documented(name: str) -> set[str]:
    """Methods that a class or one of its bases has a docstring for."""
    if name not in CLASSES:
        return set()
    methods = {part.name for part in CLASSES[name].body if isinstance(part, FUNCTIONS) and ast.get_docstring(part)}
    return methods.union(*(documented(base.id) for base in CLASSES[name].bases if isinstance(base, ast.Name)))


def is_overload(node: ast.AST) -> bool:
    """Whether it is a signature for type checkers; the function itself follows it."""
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(name, ast.Name) and name.id == "overload" for name in decorators)


def public(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """Public functions and classes of a module, and the public methods that its public classes add to their bases'."""
    found: list[tuple[str, ast.AST]] = []
    for node in tree.body:
        if is_overload(node):
            continue
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            found.append((node.name, node))
            if isinstance(node, ast.ClassDef):
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                # Sessions implement the protocol without being subclasses.
                bases += ["Session"] if node.name.endswith("Session") and node.name != "Session" else []
                inherited = set().union(*map(documented, bases))
                found += [
                    (f"{node.name}.{part.name}", part)
                    for part in node.body
                    if isinstance(part, FUNCTIONS) and not part.name.startswith("_") and part.name not in inherited
                ]
    return found


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_module_and_everything_public_in_it_says_what_it_is(name):
    assert ast.get_docstring(MODULES[name])
    if name.startswith("recipes/samples/"):
        return  # each has the one function that every recipe has
    silent = [member for member, node in public(MODULES[name]) if not ast.get_docstring(node)]
    assert silent == []


def test_every_stage_that_the_engine_tells_has_words_on_the_page():
    for name in ("en", "zh"):  # others may be shown in English
        language = ROOT / "app" / "languages" / f"{name}.json"
        words = json.loads(language.read_text("utf-8"))
        assert {f"progress.{stage}" for stage in (*STAGES, *OCCASIONAL_STAGES)} <= set(words), language.name
