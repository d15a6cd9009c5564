"""The page that says whose work a site carries and on what terms."""

from __future__ import annotations

import zipfile
from html import escape
from pathlib import Path

from tools.fetching.lock import LockedFile, Package
from tools.models.catalogue import Entry

PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Licences – Offcut</title>
<link rel="stylesheet" href="app/style.css">
</head>
<body class="document">
<main>
<p><a href="./">Back to Offcut</a></p>
<h1>Licences</h1>
<p>Offcut stands on other people's work. Everything listed here is part of this site and runs on your own device.</p>
<h2 id="software">Software</h2>
<table>
<thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Licence</th>\
<th scope="col">What it is for</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<h2 id="models">Models</h2>
{models}
<h2 id="texts">Licence texts</h2>
{texts}
</main>
</body>
</html>
"""


def page(packages: tuple[Package, ...], entries: list[Entry], vendor: Path, model_sources: set[str]) -> bytes:
    """The page for a site with these packages and models; `model_sources` are the files the models are made of."""
    rows, texts = [], []
    for package in packages:
        shipped = [file for file in package.files if file.ship]
        wheels = [file for file in shipped if file.to.endswith(".whl")]
        if wheels and len(wheels) == len(shipped):
            # A package that only carries others' wheels: those are what the site has, so those are named.
            for wheel in wheels:
                name, version = wheel.to.rsplit("/", 1)[-1].split("-")[:2]
                rows.append(_row(name, version, wheel.licence, f"{wheel.why} (taken from the package {package.label})"))
                texts += _wheel_text(name, wheel, vendor)
        elif shipped or any(f"vendor/{file.to}" in model_sources for file in package.files):
            licence = " AND ".join(sorted({package.licence, *(part for file in shipped
                                                               for part in file.licence.split(" AND "))}))
            rows.append(_row(package.name, package.version, licence, package.why))
            for file in package.files:
                if file.member in package.licence_members:
                    texts.append(_text(f"{package.name}: {file.to.rsplit('/', 1)[-1]}", (vendor / file.to).read_bytes()))
    return PAGE.format(
        rows="\n".join(rows), models="\n".join(map(_model, entries)), texts="\n".join(texts)
    ).encode()


def _row(name: str, version: str, licence: str, why: str) -> str:
    why = why[:1].upper() + why[1:]
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (version, licence, why))
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _model(entry: Entry) -> str:
    licence = entry.data["licence"]
    lines = [("Code", licence["code"]), ("Weights", licence["weights"]), ("Training data", licence["training_data"])]
    if paper := entry.data.get("paper"):
        lines.append(("Paper", paper))
    listed = "\n".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in lines)
    return f"<h3>{escape(entry.data['title'])}</h3>\n<dl>\n{listed}\n</dl>"


def _wheel_text(name: str, wheel: LockedFile, vendor: Path) -> list[str]:
    if not wheel.licence_member:
        return []
    with zipfile.ZipFile(vendor / wheel.to) as opened:
        return [_text(name, opened.read(wheel.licence_member))]


def _text(title: str, data: bytes) -> str:
    text = escape(data.decode("utf-8", "replace").strip())
    return f"<details>\n<summary>{escape(title)}</summary>\n<pre>{text}</pre>\n</details>"
