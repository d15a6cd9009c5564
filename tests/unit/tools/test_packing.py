"""What Python becomes on its way into a site."""

import base64
import hashlib
import io
import json
import tarfile

import pytest

from offcut.browser import late_library
from tools.errors import ToolError
from tools.site import manifest
from tools.site.packing import archives, bytecode, page, python, styles, wheels

WHEEL = {
    "lib/__init__.py": b"import lib.core\n",
    "lib/core.py": b"answer = 42\n",
    "lib/fast.so": b"\0asm",
    "lib/core.pyi": b"answer: int\n",
    "lib/tests/test_core.py": b"assert True\n",
    "lib/include/lib.h": b"int answer;\n",
    "lib-1.dist-info/METADATA": b"Name: lib\n",
    "lib-1.dist-info/licenses/LICENSE.txt": b"Do as you please.\n",
    "lib-1.dist-info/RECORD": b"",
}
DECODE = b"import json\nfrom . import x\nif x:\n    import pdb\n"
NAME = "vendor/pyodide/lib-1-py3-none-any.whl"


@pytest.fixture
def files():
    entry = {"file_name": "lib-1-py3-none-any.whl", "sha256": "0" * 64, "depends": []}
    lock = {"info": {"python": "3.14.0"}, "packages": {"lib": entry, "other": entry | {"file_name": "other.whl"}}}
    return {
        "index.html": b"<p>",
        "worker/main.py": b"import offcut\n",
        "worker/offcut/__init__.py": b"",
        "worker/offcut/codecs/decode.py": DECODE,
        NAME: archives.pack(WHEEL),
        python.LOCK: json.dumps(lock).encode(),
        python.LIBRARY: archives.pack(
            {"html.py": b"# html", "json.py": b"# json", "pdb.py": b"# pdb", "notes.txt": b"notes"}
        ),
    }


@pytest.fixture
def packed(files, monkeypatch, tmp_path):
    monkeypatch.setattr(
        bytecode, "imported", lambda lines, packages, *_: [f"{line.split()[1]}.py" for line in lines] + packages
    )
    monkeypatch.setattr(
        bytecode,
        "compiled",
        lambda sources, *_, bare=False: {
            f"{path}c": (b"bare code of " if bare else b"code of ") + data for path, data in sources.items()
        },
    )
    return python.packed(files, tmp_path)


def test_archives_depend_on_their_contents_only():
    assert archives.pack({"b": b"2", "a": b"1"}) == archives.pack({"a": b"1", "b": b"2"})
    assert archives.unpack(archives.pack(WHEEL)) == WHEEL


def test_the_engine_becomes_one_archive_of_bytecode(packed):
    assert not [path for path in packed if path.startswith("worker/offcut/")]
    assert packed["worker/main.py"] == b"import offcut\n" and packed["index.html"] == b"<p>"
    assert archives.unpack(packed["worker/offcut.zip"]) == {
        "offcut/__init__.pyc": b"bare code of ",
        "offcut/codecs/decode.pyc": b"bare code of " + DECODE,
    }


def test_the_standard_library_has_bytecode_of_what_the_engine_and_pyscript_import_and_the_rest_comes_late(packed):
    assert archives.unpack(packed[python.LIBRARY]) == {
        "html.pyc": b"code of # html",
        "json.pyc": b"code of # json",
        "notes.txt": b"notes",
        python.LATE_NAMES: b"pdb.py",
    }
    assert archives.unpack(packed[python.LATE]) == {"pdb.py": b"# pdb"}
    assert python.LATE_NAMES == late_library.NAMES
    assert python.LATE in manifest.LATE


def test_imports_are_statements_and_not_lines_that_look_like_one():
    text = b'''"""Colours come
from the level below, and
import (nothing."""
import json
from concurrent.futures import (
    Future,
)
from offcut.geometry import Box

def later():
    import pdb
'''
    engine = {"offcut/a.py": text, "offcut/native.py": b"import argparse", "offcut/notes.txt": b"import this"}
    assert python.imports(engine) == {"import json", "from concurrent.futures import Future"}


def test_the_pages_modules_and_languages_become_one_archive():
    modules = {
        "app/core/dom.py": b"import js\n",
        "app/editor/controller.py": b"import dom\n",
        "app/languages/en.json": b"{}",
    }
    rest = {
        "app/main.py": b"import dom\n",
        "app/styles/page.css": b"body {}",
        "worker/main.py": b"",
        "index.html": b"<p>",
    }
    made = page.packed(rest | modules)
    archive = made.pop(page.ARCHIVE)
    assert made == rest
    assert page.unpack(archive) == {path.removeprefix("app/"): data for path, data in modules.items()}
    assert page.packed(dict(reversed([*rest.items(), *modules.items()])))[page.ARCHIVE] == archive


def test_what_page_and_worker_share_is_in_both_archives(packed, files):
    shared = {"worker/offcut/protocol/__init__.py": b"", "worker/offcut/protocol/requests.py": b"UNDO = 1"}
    made = page.packed(files | shared | {"app/main.py": b"import offcut", "app/core/dom.py": b"import js"})
    assert set(shared) <= set(made)  # the worker's archive is packed from them afterwards
    inside = page.unpack(made[page.ARCHIVE])
    assert set(inside) == {"offcut/protocol/__init__.py", "offcut/protocol/requests.py", "core/dom.py"}
    with tarfile.open(fileobj=io.BytesIO(made[page.ARCHIVE]), mode="r:gz") as tar:
        assert [entry.name for entry in tar if entry.isdir()] == ["offcut"]  # nothing else makes a folder of folders


def test_type_checkers_marker_is_not_shipped(files, tmp_path):
    made = python.packed({"worker/offcut/__init__.py": b"", "worker/offcut/py.typed": b""}, tmp_path)
    assert set(archives.unpack(made[python.ARCHIVE])) == {"offcut/__init__.py"}


def test_wheels_lose_what_no_browser_runs_and_keep_their_licences(packed):
    inside = archives.unpack(packed[NAME])
    assert set(inside) == {
        "lib/__init__.pyc",
        "lib/core.pyc",
        "lib/fast.so",
        "lib-1.dist-info/METADATA",
        "lib-1.dist-info/licenses/LICENSE.txt",
        "lib-1.dist-info/RECORD",
    }
    assert inside["lib/core.pyc"] == b"bare code of answer = 42\n"


def test_nobody_documents_compiled_functions_at_each_start():
    files = {
        "numpy/_core/_add_newdocs.py": b"1",
        "numpy/_core/_add_newdocs_scalars.py": b"2",
        "numpy/_core/numeric.py": b"3",
    }
    assert list(wheels.needed(files).values()) == [b"", b"", b"3"]


def test_a_wheels_record_is_true(packed):
    inside = archives.unpack(packed[NAME])
    rows = [line.split(",") for line in inside["lib-1.dist-info/RECORD"].decode().splitlines()]
    assert {row[0] for row in rows} == set(inside)
    for path, digest, size in rows:
        if digest:
            wanted = base64.urlsafe_b64encode(hashlib.sha256(inside[path]).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={wanted}", str(len(inside[path])))


def test_the_lock_names_the_packages_that_are_here_by_their_new_hashes(packed):
    lock = json.loads(packed[python.LOCK])
    assert lock["info"] == {"python": "3.14.0"} and set(lock["packages"]) == {"lib"}
    assert lock["packages"]["lib"]["sha256"] == hashlib.sha256(packed[NAME]).hexdigest()


@pytest.mark.parametrize(
    "path",
    [
        "lib/core.py",
        "lib/fast.so",
        "lib/data.json",
        "lib-1.dist-info/METADATA",
        "lib-1.dist-info/licenses/tests/notes.h",
        "lib/contests/__init__.py",
        "numpy/ma/__init__.py",
        "numpy/linalg/_umath_linalg.so",
        "PIL/_imaging.so",
    ],
)
def test_what_runs_is_kept(path):
    assert wheels.is_needed(path)


@pytest.mark.parametrize(
    "path",
    [
        "numpy/random/mtrand.so",
        "numpy/fft/__init__.py",
        "PIL/_imagingft.so",
        "numpy/linalg/lapack_lite.so",
        "numpy/testing/__init__.py",
    ],
)
def test_what_nothing_imports_is_not(path):
    assert not wheels.is_needed(path)


@pytest.mark.parametrize(
    "path",
    ["lib/core.pyi", "lib/py.typed", "lib/tests/test_core.py", "numpy/f2py/rules.py", "lib/core.h", "lib/libx.a"],
)
def test_what_only_serves_development_is_not(path):
    assert not wheels.is_needed(path)


def test_pages_carry_their_style_sheets():
    files = {
        "index.html": b'<link rel="stylesheet" href="app/a.css">\n<link rel="stylesheet" href="app/b.css"><p>',
        "about/us.html": b'<link rel="stylesheet" href="../app/b.css">',
        "app/a.css": b"p { top: 0 }\n",
        "app/b.css": b'p { background: url("data:image/png;base64,\\1") }\n',
        "app/c.css": b"",
    }
    b = b"<style>\n" + files["app/b.css"] + b"</style>"
    assert styles.inlined(files) == {
        "index.html": b"<style>\np { top: 0 }\n</style>\n" + b + b"<p>",
        "about/us.html": b,
        "app/c.css": b"",
    }


@pytest.mark.parametrize("part", [b"</STYLE>", b"@import 'b.css';", b"url(b.png)", b"url('../b.png')"])
def test_a_sheet_that_would_mean_something_else_in_a_page_is_refused(part):
    with pytest.raises(ToolError, match=r"app/a\.css is put into index\.html"):
        styles.inlined({"index.html": b'<link rel="stylesheet" href="app/a.css">', "app/a.css": b"p {}" + part})


def test_a_missing_sheet_is_named():
    with pytest.raises(ToolError, match=r"index\.html links to app/a\.css, which is missing"):
        styles.inlined({"index.html": b'<link rel="stylesheet" href="app/a.css">'})
