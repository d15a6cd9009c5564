"""The project's own lock file, and the refusals of a wrong one."""

from pathlib import PurePosixPath

import pytest

from tools.errors import ToolError
from tools.fetching.lock import load
from tools.paths import REQUIREMENTS


def test_every_file_has_a_place_of_its_own_below_vendor():
    places = [file.to for package in load() for file in package.files]
    assert places and len(places) == len(set(places))
    assert not [place for place in places if ".." in PurePosixPath(place).parts or place.startswith("/")]


def test_every_package_says_licence_origin_reason_and_size():
    for package in load():
        assert package.licence and package.source and package.why and package.version, package.label
        assert package.bytes > 10_000 and package.files, package.label
        assert all(file.licence and file.bytes > 0 for file in package.files), package.label


def test_the_runtimes_are_shipped_and_build_inputs_are_not():
    ship = {file.to: file.ship for package in load() for file in package.files}
    for path in (
        "pyscript/core.js",
        "micropython/micropython.wasm",
        "pyodide/pyodide.asm.wasm",
        "onnxruntime-web/ort-wasm-simd-threaded.wasm",
    ):
        assert ship[path] is True
    assert ship["models/u2netp.onnx"] is False


def test_nothing_of_the_carrier_but_two_wheels_under_their_own_licences():
    carrier = next(package for package in load() if package.name == "open_webui")
    assert sorted((file.to.split("/")[1].split("-")[0], file.licence) for file in carrier.files) == [
        ("numpy", "BSD-3-Clause"),
        ("pillow", "MIT-CMU"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sha256 = "', 'sha256 = "x', "64 hexadecimal digits"),
        ('to = "small/a.js"', 'to = "../a.js"', "outside vendor"),
        ('to = "small/a.js"', 'to = "licences/small.txt"', "two files go to"),
        ('why = "shows how it goes"', "", "lacks 'why'"),
        ('manager = "npm"', 'manager = "cargo"', "known are npm and pip"),
        ('manager = "npm"', 'manager = "pip"', "pip_python"),
        ('["package/LICENSE"]', '["package/COPYING"]', "none of its files"),
        ('version = "1.0"', "version = 1.0.0", "not valid TOML"),
        (
            'licence = "MIT"',
            'licence = "ISC"\ncopyright = "Copyright (c) X"',
            "copyright line for the MIT licence, but is ISC",
        ),
    ],
)
def test_a_wrong_lock_is_refused_in_plain_words(registry, old, new, message):
    registry.replace_in_lock(old, new)
    with pytest.raises(ToolError, match=message):
        load(registry.lock)


def test_the_test_environment_has_exactly_the_builds_versions():
    def pins(name: str) -> set[str]:
        lines = (REQUIREMENTS / f"{name}.txt").read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("build") and pins("build") < pins("test")
    assert {"numpy==2.4.3", "pillow==12.2.0"} <= pins("build")


@pytest.mark.parametrize("path", sorted(REQUIREMENTS.glob("*.txt")), ids=lambda path: path.name)
def test_requirements_are_hashed_and_name_no_host(path):
    text = path.read_text()
    assert text.count("==") >= 1 and text.count("--hash=sha256:") >= text.count("==")
    assert "://" not in text and "index-url" not in text and "find-links" not in text
