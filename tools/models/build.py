"""Building the chosen models: `catalogue.json` and `chunks/`."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from tools.hashing import hash_bytes
from tools.locking import locked
from tools.models import chunks
from tools.models.catalogue import Entry, load
from tools.paths import CATALOGUE, MODELS, ROOT, cache_folder
from tools.problems import Problem
from tools.sizes import megabytes
from tools.writing import replacing_folder, write_file

FORMAT = 1


def build(
    ids: list[str] | None = None,
    out: Path = MODELS,
    catalogue: Path = CATALOGUE,
    sources: Path = ROOT,
    cache: Path | None = None,
) -> Path:
    """Builds the models with these ids (or those of a default build) and gives the folder."""
    return write(files(ids, catalogue, sources, cache), out)


def files(
    ids: list[str] | None = None, catalogue: Path = CATALOGUE, sources: Path = ROOT, cache: Path | None = None
) -> dict[str, bytes]:
    """What such a folder holds, by path: `catalogue.json` and the pieces in `chunks/`."""
    listed = load(catalogue)
    chosen = listed.choose(ids)
    store = (cache or cache_folder()) / "models"
    models, made = {}, {}
    for entry in chosen:
        data, note = _built(entry, sources, store)
        pieces = []
        for sha256, piece in chunks.split(data, cuts=note["cuts"]):
            made[f"chunks/{sha256}.bin"] = piece
            pieces.append({"sha256": sha256, "bytes": len(piece)})
        models[entry.id] = entry.shown() | {
            "bytes": len(data), "sha256": hash_bytes(data), "chunks": pieces,
            "check": {"max_difference": note["max_difference"]},
        }
    # A site without the usual default still needs a first choice, and the catalogue's order is the preference.
    default = listed.default if listed.default in models else chosen[0].id
    result = {"format": FORMAT, "default": default, "models": models}
    made["catalogue.json"] = (json.dumps(result, ensure_ascii=False, indent=1) + "\n").encode()
    return made


def write(made: dict[str, bytes], out: Path) -> Path:
    """Makes `out` hold exactly these files. What is right already is left alone, as somebody may be reading it."""
    if not _holds(out, made):
        with replacing_folder(out) as folder:
            for path, data in made.items():
                write_file(folder / path, data)
    return out


def _holds(out: Path, made: dict[str, bytes]) -> bool:
    try:
        found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
        return found.keys() == made.keys() and all(path.read_bytes() == made[name] for name, path in found.items())
    except FileNotFoundError:
        # Another process is replacing it at this moment.
        return False


def _built(entry: Entry, sources: Path, store: Path) -> tuple[bytes, dict]:
    """The network and what was found when it was made, from the cache where it lies there unharmed."""
    path = sources / entry.source
    if not path.is_file():
        raise Problem(f"{entry.source} is missing; `python3 -m tools fetch` brings it.")
    source = path.read_bytes()
    stem = store / _key(entry, source)
    if (kept := _kept(stem)) is not None:
        return kept
    # One at a time: a large network takes minutes and much memory, and the second finds it in the cache.
    with locked(store / "build.lock", "Waiting for another build of models to end …"):
        return _kept(stem) or _make(entry, source, stem)


def _make(entry: Entry, source: bytes, stem: Path) -> tuple[bytes, dict]:
    print(f"Building the model {entry.id} from {megabytes(len(source))} …", flush=True)
    # Imported late: a start with nothing to build should not wait for these large libraries.
    from tools.models.comparison import compare
    from tools.models.graph import reduce

    data = reduce(source, entry)
    difference = compare(source, data, entry)
    data, cuts = _finish(data, entry)
    print(f"Building the model {entry.id}: {megabytes(len(data))}; cut and folded it differs from the original by at "
          f"most {difference:g}{', then made 8-bit' if entry.quantisation else ''}.", flush=True)
    write_file(stem.with_suffix(".onnx"), data)
    # Second, because it vouches for the first.
    note = {"model": entry.id, "sha256": hash_bytes(data), "max_difference": difference, "cuts": cuts}
    write_file(stem.with_suffix(".json"), json.dumps(note).encode())
    return data, note


def _finish(data: bytes, entry: Entry) -> tuple[bytes, list[int]]:
    """The network at the entry's size and in its number of bits, and where it is best cut into pieces."""
    import onnx

    from tools.models.quantise import quantise, shared_part
    from tools.models.sizes import rescale

    model = onnx.load_from_string(data)
    rescale(model, *entry.size)
    if not entry.quantisation:
        return model.SerializeToString(deterministic=True), []
    data = quantise(model, entry.ranges, entry.quantisation).SerializeToString(deterministic=True)
    return data, list(shared_part(data))


def _kept(stem: Path) -> tuple[bytes, dict] | None:
    try:
        note = json.loads(stem.with_suffix(".json").read_bytes())
        data = stem.with_suffix(".onnx").read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    return (data, note) if hash_bytes(data) == note.get("sha256") else None


def _key(entry: Entry, source: bytes) -> str:
    """Changes with anything that could change the result."""
    parts = {
        "source": hash_bytes(source),
        "entry": entry.data,
        "ranges": hash_bytes(entry.ranges.read_bytes()) if entry.ranges else None,
        "builder": [hash_bytes(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.py"))],
        "libraries": [version("onnx"), version("onnxruntime")],
    }
    return hash_bytes(json.dumps(parts, sort_keys=True).encode())
