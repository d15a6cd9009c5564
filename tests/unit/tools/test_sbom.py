"""The software bill of materials beside a site."""

import json

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.unit.tools.samples import MEMBERS, sha256
from tools.models import catalogue
from tools.site import sbom
from tools.site.manifest import NAME as LISTING


def bill_of(folder) -> dict:
    return json.loads((folder / sbom.NAME).read_bytes())


def test_it_is_valid(checkout, tmp_path):
    site = checkout.build(tmp_path / "site")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str((site / sbom.NAME).read_text("utf-8")) is None


def test_it_names_every_package_file_and_model_with_its_hash(checkout, registry, tmp_path):
    site = checkout.build(tmp_path / "site")
    package, model = sorted(bill_of(site)["components"], key=lambda one: one["type"])
    assert (package["purl"], package["version"]) == ("pkg:npm/small@1.0", "1.0")
    assert package["hashes"] == [{"alg": "SHA-256", "content": sha256(registry.archive.read_bytes())}]
    assert package["licenses"] == [{"expression": "MIT"}]
    (file,) = package["components"]
    assert file["name"] == "vendor/small/a.js" and file["hashes"][0]["content"] == sha256(MEMBERS["package/a.js"])
    assert (model["type"], model["name"]) == ("machine-learning-model", "tiny")
    assert model["licenses"] == [{"license": {"name": "Apache-2.0"}}]
    built = json.loads((site / "models/catalogue.json").read_bytes())["models"]["tiny"]
    assert model["hashes"][0]["content"] == built["sha256"]
    listed = {file["path"] for file in json.loads((site / LISTING).read_bytes())["files"]}
    assert {path for path in listed if path.startswith("vendor/")} == {file["name"]} and sbom.NAME in listed


def test_a_package_that_the_site_has_nothing_of_is_not_in_it(checkout, registry, tmp_path):
    registry.replace_in_lock("ship = true", "ship = false")
    assert [one["name"] for one in bill_of(checkout.build(tmp_path / "site"))["components"]] == ["tiny"]


def test_it_says_which_offcut_it_is(checkout, tmp_path):
    (checkout.root / sbom.OWN).write_text('__version__ = "7.8.9"\n')
    own = bill_of(checkout.build(tmp_path / "site"))
    assert (own["metadata"]["component"]["name"], own["metadata"]["component"]["version"]) == ("offcut", "7.8.9")
    depended = {entry["ref"]: entry.get("dependsOn", []) for entry in own["dependencies"]}
    assert depended["offcut"] == ["model/tiny", "pkg:npm/small@1.0"]


def test_it_has_neither_date_nor_chance(checkout, tmp_path):
    one, two = (checkout.build(tmp_path / name) / sbom.NAME for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert "timestamp" not in json.loads(one.read_bytes())["metadata"]
    number = json.loads(one.read_bytes())["serialNumber"]
    (checkout.root / "vendor/small/a.js").write_text("other")
    assert bill_of(checkout.build(tmp_path / "one"))["serialNumber"] != number


def test_a_file_that_the_build_changes_keeps_the_hash_that_it_was_fetched_with(checkout, tmp_path):
    (checkout.root / "vendor/small/a.js").write_text("packed")
    (package,) = (one for one in bill_of(checkout.build(tmp_path / "site"))["components"] if one["type"] == "library")
    (file,) = package["components"]
    assert file["hashes"][0]["content"] == sha256(b"packed")
    assert file["properties"] == [{"name": "offcut:sha256-before-packing", "value": sha256(MEMBERS["package/a.js"])}]


def test_every_model_of_the_catalogue_can_be_named():
    """A licence without one of these fields would stop a build of that model alone."""
    for entry in catalogue.load().choose(None):
        assert {"code", "weights", "training_data"} <= set(entry.data["licence"])
