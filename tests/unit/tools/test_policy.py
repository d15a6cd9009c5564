"""The security policy: one source, the same in every page and in sw.js."""

import json
import re
import tomllib

import pytest

from tools.errors import ToolError
from tools.paths import ROOT
from tools.site import policy

POLICY = tomllib.loads((ROOT / policy.NAME).read_text())
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
TEMPLATES = ("index.html", "sw.js")


def stamped() -> dict[str, bytes]:
    return policy.stamp({name: (ROOT / name).read_bytes() for name in TEMPLATES}, ROOT / policy.NAME)


def header() -> dict[str, str]:
    return json.loads(re.search(r"JSON\.parse\(`(.*)`\)", stamped()["sw.js"].decode())[1])


def test_page_and_service_worker_have_the_same_policy():
    meta = META.findall(stamped()["index.html"].decode())
    assert meta == [header()["Content-Security-Policy"]] == [policy.content_of(POLICY)]


def test_no_other_origin_is_allowed_for_anything():
    assert POLICY["content"]["default-src"] == ["'none'"]
    own = {"'self'", "'none'", "blob:", "data:", "'unsafe-eval'", "'wasm-unsafe-eval'", "'unsafe-inline'"}
    assert {source for allowed in POLICY["content"].values() for source in allowed} <= own
    for name, allowed in POLICY["content"].items():
        assert "'unsafe-eval'" not in allowed or name == "script-src"
        assert "'unsafe-inline'" not in allowed or name == "style-src"
        assert "data:" not in allowed or name in ("connect-src", "img-src", "worker-src")


def test_every_directive_has_its_reason_beside_it():
    lines = (ROOT / policy.NAME).read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r'"?[\w-]+"? = ', line):
            above = next(text for text in reversed(lines[:number]) if not re.match(r'"?[\w-]+"? = ', text))
            assert above.startswith("#"), line
    exceptions = {source for allowed in POLICY["content"].values() for source in allowed} - {"'self'", "'none'"}
    reasons = " ".join(line for line in lines if line.startswith("#"))
    assert all(f"{source.removesuffix(':')}" in reasons for source in exceptions)


def test_the_other_headers_are_closed():
    assert header()["Referrer-Policy"] == "no-referrer" and header()["X-Content-Type-Options"] == "nosniff"
    assert header()["Cross-Origin-Opener-Policy"] == "same-origin"
    assert header()["Cross-Origin-Embedder-Policy"] == "require-corp"
    closed = header()["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()", "usb=()", "payment=()", "display-capture=()"} < set(closed)
    assert all(re.fullmatch(r"[a-z-]+=\(\)", feature) for feature in closed)


def test_the_policy_is_part_of_the_version(checkout, tmp_path):
    def version():
        return json.loads((checkout.build(tmp_path / "site") / "files.json").read_text())["version"]

    (checkout.root / "sw.js").write_text("`__OFFCUT_HEADERS__` __OFFCUT_VERSION__")
    before = version()
    source = checkout.root / policy.NAME
    source.write_text(source.read_text().replace('"camera", ', ""))
    assert version() != before


def test_the_licences_have_the_policy_too(checkout, tmp_path):
    page = (checkout.build(tmp_path / "site") / "licences.html").read_text()
    assert META.findall(page) == [policy.content_of(POLICY)]


def test_a_site_without_a_policy_is_not_built(checkout, tmp_path):
    (checkout.root / policy.NAME).unlink()
    with pytest.raises(ToolError, match=r"without policy\.toml"):
        checkout.build(tmp_path / "site")
