"""What the documents name exists: links, paths, modules; and no term is defined twice."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BUILT = ("models/catalogue.json",)
"""Paths that exist only in a built site."""


def _text(document: Path) -> str:
    return document.read_text("utf-8")


def _prose(document: Path) -> str:
    """The document without its blocks of code."""
    return re.sub(r"^```.*?^```", "", _text(document), flags=re.DOTALL | re.MULTILINE)


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _path(module: str) -> Path:
    return ROOT / ("worker" if module.startswith("offcut") else ".") / module.replace(".", "/")


def _is_module(name: str) -> bool:
    """Whether a dotted name is a module or a package of the repository, such as `offcut.browser.rpc`."""
    return _path(name).with_suffix(".py").is_file() or (_path(name) / "__init__.py").is_file()


def _is_command(name: str) -> bool:
    """Whether `python -m` can run that module."""
    return _path(name).with_suffix(".py").is_file() or (_path(name) / "__main__.py").is_file()


def _named(pattern: str, text: Callable[[Path], str] = _text) -> Iterator[tuple[Path, Any]]:
    """What a pattern finds in all documents, with the document that names it."""
    for document in DOCUMENTS:
        for name in re.findall(pattern, text(document)):
            yield document.relative_to(ROOT), name


def _is_link_broken(document: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = (ROOT / document.parent / path).resolve() if path else ROOT / document
    return not found.exists() or (bool(anchor) and anchor not in _anchors(found))


def test_relative_links_lead_somewhere():
    links = [(document, target) for document, target in _named(r"\]\(([^)\s]+)\)", _prose) if ":" not in target]
    assert len(links) > 100
    assert [link for link in links if _is_link_broken(*link)] == []


def test_named_paths_exist():
    pattern = r"(?<![\w/.:-])((?:app|bench|docs|models|tests|tools|worker|\.github)/[\w./*-]*\w)"
    paths = [(document, name) for document, name in _named(pattern) if name not in BUILT and "TAG" not in name]
    assert len(paths) > 100
    assert [(document, name) for document, name in paths if not list(ROOT.glob(name))] == []


def test_named_code_is_in_the_named_file():
    """As in "`KINDS` (`worker/offcut/editing/operations.py`)" and "`app/photo/model_policy.py`: `choose_first`"."""
    named = [(file, name) for _, (name, file) in _named(r"`([A-Za-z_.]+)` \(`([\w/]+\.py)`\)")]
    for _, (file, names) in _named(r"`([\w/]+\.py)`: ((?:`\w+`(?:, )?)+)"):
        named += [(file, name) for name in re.findall(r"\w+", names)]
    assert len(named) > 8
    assert [(file, name) for file, name in named if name.split(".")[-1] not in (ROOT / file).read_text("utf-8")] == []


def test_commands_are_modules():
    commands = list(_named(r"python3? -m ((?:tools|bench|offcut|tests)[\w.]*)"))
    assert len(commands) > 10
    assert [(document, name) for document, name in commands if not _is_command(name)] == []


def test_named_modules_exist():
    missing = []
    for document, name in _named(r"`((?:offcut|bench)(?:\.[a-z_]\w*)+)`"):
        package, _, last = name.rpartition(".")
        if not _is_module(name) and not (_is_module(package) and re.search(rf"\b{last}\b", _source(package))):
            missing.append((document, name))
    assert missing == []


def _source(name: str) -> str:
    """The text of a module or a package's `__init__`; of `offcut` also the page's, for `window.offcut`."""
    files = [_path(name).with_suffix(".py"), _path(name) / "__init__.py"]
    if name == "offcut":
        files += [ROOT / "app/api.py", ROOT / "app/boot.js"]
    return "\n".join(file.read_text("utf-8") for file in files if file.is_file())


def test_terms_are_defined_once():
    terms = re.findall(r"^\| ([^|]+?) \|", _text(ROOT / "docs/glossary.md"), flags=re.MULTILINE)
    terms = [term.lower() for cell in terms if cell != "term" for term in re.split(r", ", cell)]
    assert len(terms) > 80
    assert [term for term in set(terms) if terms.count(term) > 1] == []


def test_every_drawer_has_an_index():
    for drawer in ("decisions", "measurements"):
        index = _text(ROOT / f"docs/{drawer}/README.md")
        files = [path.name for path in (ROOT / f"docs/{drawer}").glob("*.md") if path.name != "README.md"]
        assert [name for name in files if f"({name})" not in index] == []


def test_figures_have_a_date():
    for path in (ROOT / "docs/measurements").glob("*.md"):
        if path.name != "README.md":
            assert re.search(r"^\| Date \| 20\d\d-\d\d-\d\d", _text(path), flags=re.MULTILINE), path.name
            assert "| Machine |" in _text(path)
            assert "| Command |" in _text(path)
    for path in (ROOT / "docs/decisions").glob("0*.md"):
        assert re.match(r"# \d{4}\. .+\n\n20\d\d-\d\d-\d\d\n", _text(path)), path.name
        assert path.name[:4] == _text(path)[2:6], path.name


def test_readme_has_the_two_commands():
    blocks = re.findall(r"^```sh\n(.*?)^```", _text(ROOT / "README.md"), flags=re.DOTALL | re.MULTILINE)
    assert any("python3 -m tools serve" in block and "python3 -m tools test" in block for block in blocks)


def test_source_names_existing_documents():
    sources = [
        path for folder in ("app", "bench", "tests", "tools", "worker") for path in (ROOT / folder).rglob("*.py")
    ]
    named = [
        (path.relative_to(ROOT), name)
        for path in sources
        for name in re.findall(r"docs/(?:decisions/\d{4}|[\w/-]+\.md)", path.read_text("utf-8"))
    ]
    assert len(named) > 5
    assert [(path, name) for path, name in named if not list(ROOT.glob(f"{name}*"))] == []
