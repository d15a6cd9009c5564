"""The page that says whose work a site carries and on what terms."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tools.errors import ToolError
from tools.fetching.lock import LockedFile, Package
from tools.models.catalogue import Entry

MIT = re.compile(
    r"MIT License\n\nCopyright \(c\) [^\n]+\n\n(Permission is hereby granted, .+\sSOFTWARE\.)\n", re.DOTALL
)
LICENCE_FILE = re.compile(r"(?:LICEN[CS]ES?|COPYING|NOTICE)(?:[-_]\w+)?(?:\.(?:txt|md|rst))?", re.IGNORECASE)
ADDRESS = re.compile(r"https://[^\s<>&]*[^\s<>&.,;:)]")

PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="__OFFCUT_POLICY__">
<title>Licences – Offcut</title>
<link rel="stylesheet" href="app/styles/page.css">
</head>
<body class="document">
<main>
<p><a href="./">Back to Offcut</a></p>
<h1>Licences</h1>
<p>Offcut stands on other people's work. Everything listed here is part of this site and runs on your own device.
Offcut itself is free software under the MIT licence. For programs the same stands in
<a href="sbom.cdx.json">sbom.cdx.json</a> (CycloneDX), with the hash of each file.</p>
<h2 id="software">Software</h2>
<table>
<thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Licence</th>\
<th scope="col">What it is for</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
{notices}
<h2 id="models">Models</h2>
<p>A model is code, weights and the photos it learned from, and each has terms of its own.</p>
{models}
<h2 id="data">Data and sample photos</h2>
<p>Sizes of ID photos and heights of the head: passport-photo-specs-data 1.0.1 by PixID
(<a href="https://pixid.studio">pixid.studio</a>), under
<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, selected and converted to pixels. Sample photos:
Eileen Collins, by NASA, in the public domain; Chelsea the cat, by Stéfan van der Walt, and a cup of espresso, by Rachel
Michetti, both released under CC0; the dandelion is drawn by a program of this project.</p>
<h2 id="texts">Licence texts</h2>
{texts}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Part:
    """Something the site carries: a row of the table, and the texts that have to travel along with it."""

    name: str
    version: str
    licence: str
    why: str
    texts: tuple[tuple[str, str], ...]
    """Each with a heading."""
    note: str | None
    is_optional: bool = False
    """Whether a site can be built without it: its note then stands where nobody misses it."""


def page(packages: tuple[Package, ...], entries: list[Entry], vendor: Path, own_licence: Path) -> bytes:
    """Return the page for a site with these packages and models; `own_licence` is Offcut's own, the MIT licence."""
    found = list(parts(packages, {entry.source for entry in entries}, vendor, own_licence))
    own = _text("Offcut", (("LICENSE", _read(own_licence.read_bytes())),), None)
    return PAGE.format(
        rows="\n".join(map(_row, found)),
        notices="\n".join(map(_notice, (part for part in found if part.is_optional))),
        models="\n".join(map(_model, entries)),
        texts="\n".join([own, *(_text(part.name, part.texts, part.note) for part in found)]),
    ).encode()


def parts(packages: tuple[Package, ...], model_sources: set[str], vendor: Path, own_licence: Path) -> Iterator[Part]:
    """Yield what a site carries of these packages; `model_sources` are the files its models are made of."""
    for package in packages:
        shipped = [file for file in package.files if file.ship]
        wheels = [file for file in shipped if file.to.endswith(".whl")]
        if wheels and len(wheels) == len(shipped):
            # A package that only carries others' wheels: those are what the site has, so those are named.
            carried = [_wheel(wheel, package, vendor) for wheel in wheels]
        elif shipped or any(f"vendor/{file.to}" in model_sources for file in package.files):
            carried = [_package(package, shipped, vendor, own_licence)]
        else:
            carried = []
        for part in carried:
            if not part.texts and not part.note:
                raise ToolError(
                    f"The page of licences has no text for {part.name}. Give {package.label} licence_members, "
                    "copyright or licence_note in vendor.lock.toml."
                )
            yield part


def _package(package: Package, shipped: list[LockedFile], vendor: Path, own_licence: Path) -> Part:
    licences = {package.licence, *(part for file in shipped for part in file.licence.split(" AND "))}
    texts = [
        (file.members[0].rsplit("/", 1)[-1], _read((vendor / file.to).read_bytes()))
        for file in package.files
        if file.members[0] in package.licence_members
    ]
    if package.copyright:
        texts.append(("MIT License", f"{package.copyright}\n\n{mit_terms(own_licence)}"))
    return Part(
        package.name,
        package.version,
        " AND ".join(sorted(licences)),
        package.why,
        tuple(texts),
        package.licence_note,
        package.part is not None,
    )


def _wheel(wheel: LockedFile, carrier: Package, vendor: Path) -> Part:
    name, version = wheel.to.rsplit("/", 1)[-1].split("-")[:2]
    texts: dict[str, str] = {}
    with zipfile.ZipFile(vendor / wheel.to) as opened:
        # Those of the metadata first: the others mostly repeat them.
        for path in sorted(opened.namelist(), key=lambda path: (".dist-info/" not in path, path)):
            inside = path.split(".dist-info/licenses/")[-1]
            if not path.endswith("/") and (inside != path or LICENCE_FILE.fullmatch(path.rsplit("/", 1)[-1])):
                texts.setdefault(_read(opened.read(path)), inside)
    return Part(
        name,
        version,
        wheel.licence,
        f"{wheel.why} (taken from the package {carrier.label})",
        tuple((path, text) for text, path in texts.items()),
        wheel.licence_note,
    )


def mit_terms(licence: Path) -> str:
    """Return the MIT licence without its heading and copyright line, out of a file that is that licence."""
    found = MIT.fullmatch(licence.read_text(encoding="utf-8"))
    if not found:
        raise ToolError(
            f"{licence.name} no longer has the usual form of the MIT licence: its name, one copyright line, "
            "its terms. The page of licences takes the terms from there for packages that carry no text."
        )
    return found[1]


def _row(part: Part) -> str:
    why = part.why[:1].upper() + part.why[1:]
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (part.version, part.licence, why))
    return f'<tr><th scope="row">{escape(part.name)}</th>{cells}</tr>'


def _notice(part: Part) -> str:
    return f"<p><strong>{escape(part.name)}.</strong> {_prose(part.note or '')}</p>"


def _model(entry: Entry) -> str:
    licence = entry.data["licence"]
    lines = [
        ("Commercial use", licence["commercial"]),
        ("Code", licence["code"]),
        ("Weights", licence["weights"]),
        ("Training data", licence["training_data"]),
    ]
    if paper := entry.data.get("paper"):
        lines.append(("Paper", paper))
    listed = "\n".join(f"<dt>{name}</dt><dd>{_prose(text)}</dd>" for name, text in lines)
    return f"<h3>{escape(entry.data['title'])}</h3>\n<dl>\n{listed}\n</dl>"


def _text(name: str, texts: tuple[tuple[str, str], ...], note: str | None) -> str:
    lines = [f"<p>{_prose(note)}</p>"] if note else []
    lines += [f"<h3>{escape(heading)}</h3>\n<pre>{escape(text)}</pre>" for heading, text in texts]
    return "\n".join(["<details>", f"<summary>{escape(name)}</summary>", *lines, "</details>"])


def _prose(text: str) -> str:
    return ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text))


def _read(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n").strip()
