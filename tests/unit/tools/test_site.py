"""The complete site."""

import gzip
import json

import pytest

from tests.unit.tools.samples import sha256
from tools.errors import ToolError
from tools.site import icons, sources
from tools.site.packing import gzipped


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_site_has_its_sources_and_nothing_else(checkout, tmp_path):
    files = contents(checkout.build(tmp_path / "site"))
    chunk = [path for path in files if path.startswith("models/chunks/")]
    assert len(chunk) == 1
    assert set(files) - set(chunk) == {
        "index.html",
        "sw.js",
        "pyscript.toml",
        "app/main.py",
        "app/modules.bin",
        "worker/main.py",
        "worker/offcut.zip",
        "vendor/small/a.js",
        "models/catalogue.json",
        "licences.html",
        "sbom.cdx.json",
        "files.json",
        ".nojekyll",
        *icons.ICONS,
    }


def test_optional_sources_are_taken_along(checkout, tmp_path):
    (checkout.root / "icons").mkdir()
    (checkout.root / "icons/icon.svg").write_text("<svg/>")
    (checkout.root / "offcut.webmanifest").write_text("{}")
    assert {"icons/icon.svg", "offcut.webmanifest"} <= set(contents(checkout.build(tmp_path / "site")))


def test_tokens_are_replaced_where_they_belong(checkout, tmp_path):
    files = contents(checkout.build(tmp_path / "site"))
    listed = json.loads(files["files.json"])
    assert len(listed["version"]) == len(listed["runtime"]) == 12 and listed["version"] != listed["runtime"]
    assert files["sw.js"].decode() == f"'{listed['version']} {listed['runtime']}'"
    assert files["index.html"].decode() == f"<script src='sw.js?{listed['version']}'></script>"
    assert b"__OFFCUT_VERSION__" in files["pyscript.toml"]


def test_the_list_is_true(checkout, tmp_path):
    files = contents(checkout.build(tmp_path / "site"))
    listed = json.loads(files.pop("files.json"))["files"]
    assert {entry["path"]: (entry["bytes"], entry["sha256"]) for entry in listed} == {
        path: (len(data), sha256(data)) for path, data in files.items()
    }
    groups = {entry["path"]: entry["group"] for entry in listed}
    assert groups["app/main.py"] == groups["worker/main.py"] == groups["index.html"] == groups["sw.js"] == "app"
    assert groups["vendor/small/a.js"] == "runtime"
    assert groups["models/catalogue.json"] == "models"
    assert groups["licences.html"] == "document"


def test_building_twice_gives_the_same_site(checkout, tmp_path):
    first = contents(checkout.build(tmp_path / "one"))
    again = contents(checkout.build(tmp_path / "one"))
    fresh = contents(checkout.build(tmp_path / "two", cache=tmp_path / "empty"))
    assert first == again == fresh


def versions(folder):
    listed = json.loads((folder / "files.json").read_text())
    return listed["version"], listed["runtime"]


def test_the_version_follows_any_file_and_the_runtime_only_vendor(checkout, registry, tmp_path):
    before = versions(checkout.build(tmp_path / "site"))
    (checkout.root / "app/main.py").write_text("print('another page')\n")
    page = versions(checkout.build(tmp_path / "site"))
    (checkout.root / "vendor/small/a.js").write_text("another runtime")
    runtime = versions(checkout.build(tmp_path / "site"))
    assert before[0] != page[0] != runtime[0]
    assert before[1] == page[1] != runtime[1]


def test_a_rebuild_leaves_nothing_of_the_old_site(checkout, tmp_path):
    (checkout.root / "app/old.js").write_text("")
    out = checkout.build(tmp_path / "site")
    assert "app/old.js" in contents(out)
    (checkout.root / "app/old.js").unlink()
    assert "app/old.js" not in contents(checkout.build(out))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site")] == []


def test_a_large_file_is_refused_and_the_old_site_stays(checkout, tmp_path):
    out = checkout.build(tmp_path / "site")
    before = contents(out)
    (checkout.root / "app/large.bin").write_bytes(bytes(200_001))
    with pytest.raises(ToolError, match=r"app/large.bin \(0.2 MB\)"):
        checkout.build(out, limit=200_000)
    assert contents(out) == before
    checkout.build(out, limit=200_001)


def test_a_site_larger_than_github_pages_takes_is_refused(checkout, tmp_path):
    for name in ("one", "two"):
        (checkout.root / f"app/{name}.bin").write_bytes(bytes(150_000))
    with pytest.raises(ToolError, match=r"The site has 0\.4 MB, and GitHub Pages publishes up to 0\.3 MB\. .*--models"):
        checkout.build(tmp_path / "site", site_limit=300_000)
    assert not (tmp_path / "site").exists()
    checkout.build(tmp_path / "site", site_limit=500_000)


def test_the_limits_are_those_of_github_pages():
    from tools.site import assembly

    assert (assembly.LIMIT, assembly.SITE_LIMIT, assembly.PAGES_TRAFFIC) == (10**8, 10**9, 10**11)


def test_a_folder_of_something_else_is_left_alone(checkout, tmp_path):
    out = tmp_path / "home"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    (out / "files.json").write_text("[]")
    with pytest.raises(ToolError, match="something else than a site"):
        checkout.build(out)
    assert (out / "letter.txt").read_text() == "dear"


def test_an_empty_folder_is_used(checkout, tmp_path):
    out = tmp_path / "empty"
    out.mkdir()
    assert (checkout.build(out) / "index.html").is_file()


def test_the_summary_says_what_a_first_visit_costs_and_how_many_github_pages_allows(checkout, tmp_path, capsys):
    (checkout.root / "app/large.bin").write_bytes(bytes(2_000_000))
    files = contents(checkout.build(tmp_path / "site"))
    visit = sum(
        len(data)
        for path, data in files.items()
        if path not in ("files.json", "licences.html", "sbom.cdx.json", ".nojekyll")
    )
    output = capsys.readouterr().out.splitlines()[-2:]
    assert "Largest file: app/large.bin, 2.0 MB" in output[0]
    assert "A first visit: app 2.1 MB, runtime 0.0 kB" in output[1]
    assert 48_000 < 100e9 / visit < 49_000 and "100 GB a month allow about 48,000 of these" in output[1]


def test_a_first_visit_fetches_the_file_for_wasm_alone():
    from tools.site.assembly import _later

    def chunks(*names):
        return {"chunks": [{"sha256": name, "bytes": 1} for name in names]}

    listed = {
        "default": "one",
        "models": {
            "one": chunks("plain", "both") | {"variants": {"wasm": chunks("own", "both")}},
            "two": chunks("other"),
        },
    }
    files = {f"models/chunks/{name}.bin": b"x" for name in ("plain", "both", "own", "other")}
    assert _later(files | {"models/catalogue.json": json.dumps(listed).encode()}) == {
        "models/chunks/plain.bin",
        "models/chunks/other.bin",
    }


def test_a_part_that_nobody_has_to_publish_is_left_out_on_request(checkout, tmp_path):
    checkout.lock.write_text(
        checkout.lock.read_text().replace("[[package.file]]", 'part = "rare"\n\n[[package.file]]', 1)
    )
    whole = contents(checkout.build(tmp_path / "whole"))
    less = contents(checkout.build(tmp_path / "less", without=["rare"]))
    gone = {"vendor/small/a.js"}
    assert {path for path in whole if path.startswith("vendor/")} == gone and gone.isdisjoint(less)
    assert b"small" in whole["licences.html"] and b"small" not in less["licences.html"]
    with pytest.raises(ToolError, match=r"no part 'other'.*rare"):
        checkout.build(tmp_path / "wrong", without=["other"])


@pytest.mark.parametrize("optional", ["onnxruntime-web/webgpu/a.js", "codecs/a.js"])
def test_what_few_devices_or_files_need_is_no_part_of_a_first_visit(optional, checkout, tmp_path, capsys):
    (checkout.root / "vendor" / optional).parent.mkdir(parents=True)
    (checkout.root / "vendor" / optional).write_bytes(bytes(2_000_000))
    checkout.lock.write_text(checkout.lock.read_text().replace("small/a.js", optional))
    listed = json.loads(contents(checkout.build(tmp_path / "site"))["files.json"])["files"]
    assert [entry["path"] for entry in listed if entry.get("optional")] == [
        f"vendor/{optional}",
        f"vendor/{optional}.packed",
    ]
    largest, visit = capsys.readouterr().out.splitlines()[-2:]
    assert "2.0 MB" in largest and "runtime 0.0 kB" in visit


def test_what_gets_much_smaller_has_a_packed_form_that_a_first_visit_fetches_instead(checkout, tmp_path, capsys):
    (checkout.root / "vendor/small/a.js").write_bytes(bytes(2_000_000))
    (checkout.root / "app/large.js").write_bytes(
        bytes(2_000_000)
    )  # the service worker has it before anything is asked for
    files = contents(checkout.build(tmp_path / "site"))
    listed = {entry["path"]: entry for entry in json.loads(files["files.json"])["files"]}
    assert [path for path in files if path.endswith(gzipped.SUFFIX)] == ["vendor/small/a.js.packed"]
    assert gzip.decompress(files["vendor/small/a.js.packed"]) == files["vendor/small/a.js"]
    assert (
        listed["vendor/small/a.js.packed"]["packs"] == "vendor/small/a.js"
        and "packs" not in listed["vendor/small/a.js"]
    )
    assert "app 2.1 MB, runtime 2.0 kB" in capsys.readouterr().out


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: b"x" + data[1:],
        lambda data: data[:20] + bytes(40) + data[60:],
        lambda data: data[:10] + b"\xff" + data[11:],
        lambda data: gzip.compress(bytes(3)),
    ],
)
def test_a_packed_form_that_was_damaged_in_the_cache_is_made_again(tmp_path, damage):
    files = {"a.wasm": bytes(300_000), "b.wasm": bytes(99_000), "c.zip": bytes(300_000)}
    first = gzipped.gzipped(files, tmp_path)
    assert list(first) == ["a.wasm.packed"]
    (kept,) = (tmp_path / "gzipped").iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert gzipped.gzipped(files, tmp_path) == first


def test_a_site_has_its_own_models_whatever_another_build_puts_in_the_shared_folder(checkout, tmp_path, monkeypatch):
    from tools.models import build as models_build

    def other(made, out):
        (out / "chunks").mkdir(parents=True)
        (out / "chunks/other.bin").write_bytes(b"other")

    monkeypatch.setattr(models_build, "write", other)
    files = contents(checkout.build(tmp_path / "site"))
    model = json.loads(files["models/catalogue.json"])["models"]["tiny"]
    assert {path for path in files if path.startswith("models/chunks/")} == {
        f"models/chunks/{piece['sha256']}.bin" for piece in model["chunks"]
    }


def test_missing_sources_are_named(checkout, tmp_path):
    (checkout.root / "sw.js").unlink()
    with pytest.raises(ToolError, match=r"without sw\.js"):
        checkout.build(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_missing_runtime_file_says_how_to_get_it(checkout, tmp_path):
    (checkout.root / "vendor/small/a.js").unlink()
    with pytest.raises(ToolError, match=r"small/a\.js is missing; .*tools fetch"):
        checkout.build(tmp_path / "site")


def test_the_licence_page_names_and_quotes_everyone_safely(checkout, tmp_path):
    page = (checkout.build(tmp_path / "site") / "licences.html").read_text()
    assert '<th scope="row">small</th><td>1.0</td><td>MIT</td><td>Shows how it goes</td>' in page
    assert "Tiny &amp; quick" in page and "<dd>&lt;none&gt;</dd>" in page
    assert "<details>" in page and "Do &lt;as&gt; you please." in page
    assert "<style>\nbody {}\n</style>" in page and '<body class="document">' in page and 'href="./"' in page


def test_the_projects_own_site_has_no_stray_files():
    from tools.paths import ROOT

    if not all((ROOT / name).exists() for name in sources.REQUIRED):
        pytest.skip("the page is not here yet")
    paths = [path for path, _ in sources.collect(ROOT)]
    assert "index.html" in paths
    assert not [
        path for path in paths if ".git" in path or "__pycache__" in path or path.startswith(("tests", "tools"))
    ]
