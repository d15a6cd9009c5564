"""The software bill of materials of a site, `sbom.cdx.json`: what it is made of, for programs (CycloneDX 1.6).

It says what `licences.html` says to people, with the hashes of the packages as they were fetched and of the files as
the site has them. It holds neither a date nor a random number: the same site has the same bill.
"""

from __future__ import annotations

import ast
import json
import uuid
from collections.abc import Iterator, Mapping

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.fetching.lock import LockedFile, Package
from tools.files import hash_bytes
from tools.models.catalogue import Entry

NAME = "sbom.cdx.json"
OWN = "worker/offcut/__init__.py"
"""Where Offcut's own version stands."""

_SPACE = uuid.UUID("d5f3f3f0-8b1e-5f0a-9d0e-0ffc07000000")
"""Of the serial numbers, which are made from the contents."""

_REGISTRIES = {"npm": "npm", "pip": "pypi"}


def bill(
    packages: tuple[Package, ...], entries: list[Entry], files: Mapping[str, bytes], sources: Mapping[str, bytes]
) -> bytes:
    """Return the bill of a site.

    Args:
        packages: those of the lock; what the site has nothing of is left out.
        entries: the models that the site carries.
        files: the site's files by path, but for this one.
        sources: the files before they were packed, for Offcut's own version.
    """
    own = Component(
        name="offcut",
        type=ComponentType.APPLICATION,
        version=_version(sources.get(OWN, b"")),
        bom_ref="offcut",
        licenses=[LicenseExpression("MIT")],
    )
    parts = [*_packages(packages, {entry.source for entry in entries}, files), *_models(entries, files)]
    bom = Bom(components=parts, dependencies=[Dependency(own.bom_ref, [Dependency(part.bom_ref) for part in parts])])
    bom.metadata.component = own
    bom.metadata.timestamp = None  # type: ignore[assignment]  # the format allows it, and a build has no date
    bom.serial_number = uuid.UUID(int=0)
    contents = json.loads(JsonV1Dot6(bom).output_as_string())
    contents["serialNumber"] = uuid.uuid5(_SPACE, json.dumps(contents, sort_keys=True)).urn
    return (json.dumps(contents, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _packages(
    packages: tuple[Package, ...], model_sources: set[str], files: Mapping[str, bytes]
) -> Iterator[Component]:
    """Yield what a site carries of these packages, as `licences.parts` does."""
    for package in packages:
        shipped = [file for file in package.files if f"vendor/{file.to}" in files]
        wheels = [file for file in shipped if file.to.endswith(".whl")]
        if wheels and len(wheels) == len(shipped):
            yield from (_wheel(wheel, package, files) for wheel in wheels)
        elif shipped or any(f"vendor/{file.to}" in model_sources for file in package.files):
            name = package.name.split("/")
            yield _component(
                PackageURL(_REGISTRIES[package.manager], "/".join(name[:-1]) or None, name[-1], package.version),
                package.licence,
                package.why,
                package.sha256,
                [_file(f"vendor/{file.to}", files, file) for file in shipped],
            )


def _wheel(wheel: LockedFile, carrier: Package, files: Mapping[str, bytes]) -> Component:
    """A wheel that another package has carried."""
    name, version = wheel.to.rsplit("/", 1)[-1].split("-")[:2]
    why = f"{wheel.why} (taken from the package {carrier.label})"
    # Its own package on the registry is another build, so the address names the carrier, too.
    url = PackageURL("pypi", None, name, version, {"file_name": wheel.to.rsplit("/", 1)[-1]})
    return _component(url, wheel.licence, why, wheel.sha256, [_file(f"vendor/{wheel.to}", files, wheel)])


def _component(url: PackageURL, licence: str, why: str, sha256: str, inside: list[Component]) -> Component:
    return Component(
        group=url.namespace,
        name=url.name,
        version=url.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=url.to_string(),
        description=why,
        hashes=_hashes(sha256),
        licenses=[LicenseExpression(licence)],
        components=inside,
    )


def _file(path: str, files: Mapping[str, bytes], locked: LockedFile) -> Component:
    """A file as the site has it, with the hash that it was fetched with where the build has changed it."""
    found = hash_bytes(files[path])
    before = [] if found == locked.sha256 else [Property(name="offcut:sha256-before-packing", value=locked.sha256)]
    return Component(
        name=path,
        type=ComponentType.FILE,
        bom_ref=path,
        hashes=_hashes(found),
        licenses=[LicenseExpression(locked.licence)],
        properties=before,
    )


def _models(entries: list[Entry], files: Mapping[str, bytes]) -> Iterator[Component]:
    catalogue = json.loads(files["models/catalogue.json"])
    built = catalogue["models"] | catalogue.get("detectors", {})
    for entry in entries:
        licence = entry.data["licence"]
        yield Component(
            name=entry.id,
            type=ComponentType.MACHINE_LEARNING_MODEL,
            bom_ref=f"model/{entry.id}",
            description=entry.data["title"],
            hashes=_hashes(built[entry.id]["sha256"]),
            licenses=[DisjunctiveLicense(name=licence["weights"])],
            properties=[
                Property(name=f"offcut:licence-of-{name.replace('_', '-')}", value=licence[name])
                for name in ("code", "weights", "training_data")
            ],
        )


def _hashes(sha256: str) -> list[HashType]:
    return [HashType(alg=HashAlgorithm.SHA_256, content=sha256)]


def _version(source: bytes) -> str | None:
    """What a module assigns to `__version__`; None where it does not."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__version__"]:
            return str(ast.literal_eval(node.value))
    return None
