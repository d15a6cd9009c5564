"""The page of licences: everyone's text, or where it is."""

import html
import re
import zipfile

import pytest

from tests.unit.tools.samples import MIT_TERMS, sha256
from tools.errors import ToolError
from tools.fetching.lock import load as load_lock
from tools.models.catalogue import load as load_catalogue
from tools.paths import ROOT, VENDOR
from tools.site import licences

LICENSE = ROOT / "LICENSE"


def page(checkout):
    return (checkout.build(checkout.root / "site") / "licences.html").read_text()


@pytest.fixture
def without_text(checkout, registry):
    """The sample's package, once its licence text is not a part of it."""
    registry.replace_in_lock('licence_members = ["package/LICENSE"]', "")
    return registry


def test_a_package_without_a_text_is_refused(checkout, without_text):
    message = r"no text for small\. Give small 1\.0 licence_members, copyright or licence_note"
    with pytest.raises(ToolError, match=message):
        page(checkout)


def test_a_copyright_line_brings_the_terms_of_the_mit_licence(checkout, without_text):
    without_text.replace_in_lock('why = "shows', 'copyright = "Copyright (c) 1999 A & B"\nwhy = "shows')
    text = html.unescape(page(checkout))
    assert f"<pre>Copyright (c) 1999 A & B\n\n{MIT_TERMS}</pre>" in text


def test_a_note_is_enough_and_its_addresses_can_be_followed(checkout, without_text):
    without_text.replace_in_lock(
        'why = "shows', 'licence_note = "<Read> https://example.org/a, then go."\nwhy = "shows'
    )
    assert '<p>&lt;Read&gt; <a href="https://example.org/a">https://example.org/a</a>, then go.</p>' in page(checkout)


@pytest.mark.parametrize(
    "text",
    [
        "MIT License\n\nCopyright (c) 2026 A\nCopyright (c) 2026 B\n\nPermission is hereby granted, in the SOFTWARE.\n",
        "Apache License\n\nCopyright (c) 2026 A\n\nPermission is hereby granted, in the SOFTWARE.\n",
        "MIT License\n\nCopyright (c) 2026 A\n\nPermission is hereby granted, in the SOFTWARE.\n\nOne more thing.\n",
    ],
)
def test_a_licence_of_another_form_is_not_taken_for_the_mit_licence(tmp_path, text):
    (tmp_path / "LICENSE").write_text(text)
    with pytest.raises(ToolError, match="LICENSE no longer has the usual form of the MIT licence"):
        licences.mit_terms(tmp_path / "LICENSE")


def test_the_projects_own_licence_gives_the_terms_without_its_copyright():
    terms = licences.mit_terms(LICENSE)
    assert terms.startswith("Permission is hereby granted, free of charge") and terms.endswith("SOFTWARE.")
    assert "Offcut" not in terms and "The above copyright notice and this permission notice" in terms


def test_a_wheel_brings_every_licence_file_inside_it_once(checkout, registry):
    wheel = checkout.root / "vendor/pyodide/thing-2.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("thing/part/LICENSE", "The same.\r\n")
        archive.writestr("thing/other/COPYING.txt", "Another.")
        archive.writestr("thing/licence.py", "no = 'licence'")
        archive.writestr("thing-2.0.dist-info/licenses/LICENSE", "The main one.")
        archive.writestr("thing-2.0.dist-info/licenses/thing/part/terms", "The same.\n")
        archive.writestr("thing-2.0.dist-info/METADATA", "no")
    registry.lock.write_text(
        '[[package]]\nmanager = "npm"\nname = "carrier"\nversion = "9"\nbytes = 1\nlicence = "X"\nsource = "here"\n'
        f'why = "carries"\nsha256 = "{"0" * 64}"\n[[package.file]]\nmember = "w"\nlicence = "MIT"\nship = true\n'
        f'to = "pyodide/{wheel.name}"\nwhy = "does it"\nbytes = 1\nsha256 = "{sha256(wheel.read_bytes())}"\n'
    )
    (part,) = licences.parts(load_lock(registry.lock), set(), checkout.root / "vendor", LICENSE)
    assert (part.name, part.version, part.licence) == ("thing", "2.0", "MIT") and "carrier 9" in part.why
    assert part.texts == (
        ("LICENSE", "The main one."),
        ("thing/part/terms", "The same."),
        ("thing/other/COPYING.txt", "Another."),
    )


def test_a_model_says_first_whether_commercial_use_is_allowed(checkout):
    found = re.search(r"<dl>\n<dt>(.*?)</dt><dd>(.*?)</dd>", page(checkout))
    assert found.groups() == (
        "Commercial use",
        'Yes: <a href="https://example.org/terms">https://example.org/terms</a>.',
    )


@pytest.fixture(scope="module")
def real():
    """The parts and the page of the project's own site, with every model of the catalogue."""
    packages, entries = load_lock(), list(load_catalogue().entries.values())
    if not all((VENDOR / file.to).is_file() for package in packages for file in package.files):
        pytest.skip("vendor/ is not here; `python3 -m tools fetch` brings it")
    found = list(licences.parts(packages, {entry.source for entry in entries}, VENDOR, LICENSE))
    return found, html.unescape(licences.page(packages, entries, VENDOR, LICENSE).decode())


def test_everything_the_project_ships_is_on_its_page_with_a_text_or_where_it_is(real):
    found, page = real
    names = {part.name for part in found}
    assert {
        "@pyscript/core",
        "@micropython/micropython-webassembly-pyscript",
        "pyodide",
        "numpy",
        "pillow",
        "onnxruntime-web",
    } <= names and "open_webui" not in names
    for part in found:
        assert f'<th scope="row">{part.name}</th>' in page
        assert all(f"<pre>{text}</pre>" in page for _, text in part.texts), part.name
        assert all(len(text) > 200 for _, text in part.texts), part.name
        assert part.texts or part.note.count("https://") >= 1, part.name


def test_mit_packages_carry_their_notice(real):
    found, _ = real
    for part in found:
        if part.licence == "MIT":
            notice = "\n".join(text for _, text in part.texts)
            assert "Copyright (c) " in notice and "Permission is hereby granted" in notice, part.name


def test_every_licence_file_of_the_wheels_is_on_the_page(real):
    _, page = real
    count = 0
    for wheel in VENDOR.glob("pyodide/*.whl"):
        with zipfile.ZipFile(wheel) as opened:
            for path in opened.namelist():
                if "/licenses/" in path or re.search(
                    r"licen[cs]e|copying|notice", path.rsplit("/", 1)[-1], re.IGNORECASE
                ):
                    assert opened.read(path).decode().strip() in page, path
                    count += 1
    assert count > 15


def test_the_licence_of_the_weights_can_be_read_on_the_page(real):
    _, page = real
    for entry in load_catalogue().entries.values():
        if entry.data["licence"]["weights"].startswith("Apache-2.0"):
            assert "Apache License\n                           Version 2.0, January 2004" in page


def test_offcuts_own_licence_is_on_its_page(real):
    assert LICENSE.read_text().strip() in real[1]
