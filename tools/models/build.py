"""Building the chosen models: `catalogue.json` and `chunks/`."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.errors import ToolError
from tools.files import hash_bytes, locked, replacing_folder, write_file
from tools.models import chunks, tflite
from tools.models.catalogue import FORMS, NATIVE, NATIVE_INT8, Entry, load
from tools.paths import CATALOGUE, MODELS, ROOT, cache_folder
from tools.progress import megabytes

if TYPE_CHECKING:
    import onnx

FORMAT = 1

BUILT = ("input", "output", "weights", *FORMS)
"""The parts of an entry that its file is made from, besides the source."""


def build(
    ids: list[str] | None = None,
    out: Path = MODELS,
    catalogue: Path = CATALOGUE,
    sources: Path = ROOT,
    cache: Path | None = None,
    stored: str | None = None,
) -> Path:
    """Build the models with these ids (or those of a default build) and return the folder."""
    return write(files(ids, catalogue, sources, cache, stored), out)


def files(
    ids: list[str] | None = None,
    catalogue: Path = CATALOGUE,
    sources: Path = ROOT,
    cache: Path | None = None,
    stored: str | None = None,
    *,
    for_python: bool = False,
) -> dict[str, bytes]:
    """Return what such a folder holds, by path: `catalogue.json` and the pieces in `chunks/`.

    With `stored` (one of `tools.models.catalogue.STORED`) the networks are stored that way for every backend; with
    `for_python` they have the forms alone that CPython runs, and there are no detectors.
    """
    listed = load(catalogue)
    chosen = listed.choose(ids)
    store = (cache or cache_folder()) / "models"
    models: dict[str, dict[str, Any]] = {}
    contents: dict[str, bytes] = {}
    for entry in chosen:
        if stored:
            wanted = entry.only(stored)
        elif for_python:
            wanted = entry.for_python()
        else:
            wanted = entry
        forms, note = _built(wanted, sources, store)
        listings: dict[str | None, dict[str, Any]] = {}
        for backend, data in forms.items():
            # These forms compute in less than single precision.
            reduced_precision = {"rough": True} if wanted.forms()[backend] in ("activations", "half") else {}
            pieces = list(chunks.split(data, cuts=note["cuts"][backend or ""]))
            contents |= {f"chunks/{sha256}.bin": piece for sha256, piece in pieces}
            listings[backend] = {
                "bytes": len(data),
                "sha256": hash_bytes(data),
                "chunks": [{"sha256": sha256, "bytes": len(piece)} for sha256, piece in pieces],
            } | reduced_precision
        models[entry.id] = entry.shown() | listings.pop(None) | {"check": {"max_difference": note["max_difference"]}}
        if listings:
            models[entry.id]["variants"] = listings
    detectors: dict[str, dict[str, Any]] = {}
    for entry in () if stored or for_python else listed.detectors.values():
        data = tflite.to_onnx(_source(entry, sources))
        pieces = list(chunks.split(data))
        contents |= {f"chunks/{sha256}.bin": piece for sha256, piece in pieces}
        detectors[entry.id] = entry.shown() | {
            "bytes": len(data),
            "sha256": hash_bytes(data),
            "chunks": [{"sha256": sha256, "bytes": len(piece)} for sha256, piece in pieces],
        }
    # A site without the usual default still needs a first choice, and the catalogue's order is the preference.
    default = listed.default if listed.default in models else chosen[0].id
    result = {"format": FORMAT, "default": default, "models": models} | ({"detectors": detectors} if detectors else {})
    contents["catalogue.json"] = _catalogue(result)
    return contents


def for_browsers(contents: dict[str, bytes]) -> dict[str, bytes]:
    """Return what of `files` a page can use: without the networks' forms for CPython."""
    listed = json.loads(contents["catalogue.json"])
    for model in listed["models"].values():
        variants = model.pop("variants", {})
        if kept_variants := {name: file for name, file in variants.items() if name not in (NATIVE, NATIVE_INT8)}:
            model["variants"] = kept_variants
    every = [*listed["models"].values(), *listed.get("detectors", {}).values()]
    every += [variant for model in every for variant in model.get("variants", {}).values()]
    used = {f"chunks/{chunk['sha256']}.bin" for form in every for chunk in form["chunks"]}
    kept = {path: data for path, data in contents.items() if path in used}
    return kept | {"catalogue.json": _catalogue(listed)}


def _catalogue(listed: dict[str, Any]) -> bytes:
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()


def write(contents: dict[str, bytes], out: Path) -> Path:
    """Make `out` hold exactly these files. A folder that is right is left alone: another process may be reading it."""
    if not _holds(out, contents):
        with replacing_folder(out) as folder:
            for path, data in contents.items():
                write_file(folder / path, data)
    return out


def _holds(out: Path, contents: dict[str, bytes]) -> bool:
    try:
        found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
        return found.keys() == contents.keys() and all(
            path.read_bytes() == contents[name] for name, path in found.items()
        )
    except FileNotFoundError:
        # Another process is replacing it at this moment.
        return False


Forms = dict[str | None, bytes]
"""A network as each backend wants it; None is for all that are not named."""


def _built(entry: Entry, sources: Path, store: Path) -> tuple[Forms, dict[str, Any]]:
    """Return the network and the notes of its build, from the cache if it is there and undamaged."""
    source = _source(entry, sources)
    stem = store / _key(entry, source)
    if (cached := _cached(stem)) is not None:
        return cached
    # One at a time: a large network takes minutes and much memory, and the second finds it in the cache.
    with locked(store / "build.lock", "Waiting for another build of models to end …"):
        return _cached(stem) or _make(entry, source, stem)


def _source(entry: Entry, sources: Path) -> bytes:
    path = sources / entry.source
    if not path.is_file():
        raise ToolError(f"{entry.source} is missing; `python3 -m tools fetch` brings it.")
    return path.read_bytes()


def _make(entry: Entry, source: bytes, stem: Path) -> tuple[Forms, dict[str, Any]]:
    print(f"Building the model {entry.id} from {megabytes(len(source))} …", flush=True)
    # Imported late: a start with nothing to build should not wait for these large libraries.
    from tools.models.comparison import compare
    from tools.models.graph import reduce

    reduced = reduce(source, entry)
    difference = compare(source, reduced, entry)
    forms, cuts = _finish(reduced, entry)
    print(
        f"Building the model {entry.id}: {' and '.join(megabytes(len(data)) for data in forms.values())}; cut and "
        f"folded it differs from the original by at most {difference:g}, before weights are stored as "
        f"{entry.weights['type']}.",
        flush=True,
    )
    for backend, data in forms.items():
        write_file(_file(stem, backend or ""), data)
    # Last, because it vouches for the others.
    note = {
        "model": entry.id,
        "sha256": {backend or "": hash_bytes(data) for backend, data in forms.items()},
        "max_difference": difference,
        "cuts": cuts,
    }
    write_file(stem.with_suffix(".json"), json.dumps(note).encode())
    return forms, note


def _finish(reduced: bytes, entry: Entry) -> tuple[Forms, dict[str, list[int]]]:
    """Return the network in each of its forms, and the offsets at which each is best cut into pieces."""
    import onnx

    from tools.models import banding, blocked, channels, floats, weights
    from tools.models.sizes import free

    single = onnx.load_from_string(reduced)
    if entry.step:
        free(single)
    else:
        _check_size(single, entry)
    eight_bits = _in_eight_bits(single, entry) if entry.activations else single
    forms: Forms = {}
    cuts = {}
    for backend, form in entry.forms().items():
        if form == "activations":
            model = deepcopy(eight_bits)
            # Not on CPython: it gives memory back, and onnxruntime on x86 refuses weights that bands share.
            if backend == "wasm" and entry.step:
                banding.divide(model, entry.size[1], entry.step)
        else:
            model = deepcopy(single)
            channels.pad(model)
            weights.shrink(model, entry.weights)
        if form == "blocked":
            blocked.rewrite(model)
        if form == "half":
            model = floats.to_half(model)
        weights.last(model)
        forms[backend] = model.SerializeToString(deterministic=True)
        cuts[backend or ""] = list(weights.part(forms[backend])) if len(entry.forms()) > 1 else []
    return forms, cuts


def _in_eight_bits(model: onnx.ModelProto, entry: Entry) -> onnx.ModelProto:
    """Return a copy of the network with 8-bit activations; what is still in single precision has weights of 16 bits."""
    from tools.models import weights
    from tools.models.quantise import quantise

    left = weights.exempt(model, entry.weights | entry.activations)
    quantised = quantise(deepcopy(model), entry.ranges, list(entry.activations["operators"]), left)
    weights.shrink(quantised, entry.weights | {"type": "float16"})
    return quantised


def _check_size(model: onnx.ModelProto, entry: Entry) -> None:
    shape = tuple(side.dim_value for side in model.graph.input[0].type.tensor_type.shape.dim)
    if shape != entry.input_shape:
        raise ToolError(
            f"The network of the model {entry.id} takes inputs of {' × '.join(map(str, shape))} alone, and not of "
            f"{' × '.join(map(str, entry.input_shape))}, unless the entry says in what steps (input.step)."
        )


def _file(stem: Path, backend: str) -> Path:
    return stem.with_name(f"{stem.name}{backend and '-'}{backend}.onnx")


def _cached(stem: Path) -> tuple[Forms, dict[str, Any]] | None:
    try:
        note = json.loads(stem.with_suffix(".json").read_bytes())
        forms = {backend or None: _file(stem, backend).read_bytes() for backend in note["sha256"]}
    except (FileNotFoundError, ValueError):
        return None
    whole = all(hash_bytes(forms[backend or None]) == sha256 for backend, sha256 in note["sha256"].items())
    return (forms, note) if whole else None


def _key(entry: Entry, source: bytes) -> str:
    """Return a cache key that changes with anything that could change the result."""
    parts = {
        "source": hash_bytes(source),
        "entry": {key: entry.data[key] for key in BUILT if key in entry.data},
        "ranges": hash_bytes(entry.ranges.read_bytes()) if entry.activations else None,
        "builder": [hash_bytes(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.py"))],
        "libraries": [version("onnx"), version("onnxruntime")],
    }
    return hash_bytes(json.dumps(parts, sort_keys=True).encode())
