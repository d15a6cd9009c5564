"""Finding a face: what the network's output means, where it is looked for, and the real network on a portrait."""

import asyncio

import numpy
import pytest
from PIL import Image

from offcut.inference import faces
from offcut.inference.faces import Face
from offcut.models.catalogue import Model
from offcut.pipeline import Engine
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import ASTRONAUT, ROOT
from tools.models import tflite

NETWORK = ROOT / "vendor" / "models" / "face-short-range.tflite"
needs_network = pytest.mark.skipif(not NETWORK.exists(), reason="`python3 -m tools fetch` brings the network")

SQUASHED = {"scale": "255", "mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}
MODEL = Model(
    "face", "Face", "detector", {}, 0, "", (), "image", (128, 128), "letterbox", "bilinear", **SQUASHED,
    output_name="found", output_alpha="identity",
)  # fmt: skip


class Network:
    """A network that sees a face where a square of the photo is red, of the size of the red part."""

    def __init__(self, score: float = 5) -> None:
        self.score, self.looks = score, 0

    async def __call__(self, tensor: numpy.ndarray) -> numpy.ndarray:
        self.looks += 1
        found = numpy.zeros((1, 896, 17), numpy.float32)
        found[..., 16] = -20
        red = (tensor[0, 0] > 0.5) & (tensor[0, 1] < -0.5)
        if red.any():
            rows, columns = numpy.nonzero(red)
            x, y, side = columns.mean() + 0.5, rows.mean() + 0.5, columns.max() + 1 - columns.min()
            cell = int(y // 8) * 16 + int(x // 8)
            middle = numpy.array([x // 8 * 8 + 4, y // 8 * 8 + 4])
            for guess in (2 * cell, 2 * cell + 1):
                place = numpy.array([x, y]) - middle
                points = [(-side / 4, -side / 4), (side / 4, -side / 4), (0, 0), (0, side / 4), (0, 0), (0, 0)]
                found[0, guess, :4] = *place, side, side
                found[0, guess, 4:16] = (numpy.array(points) + place).reshape(-1)
                found[0, guess, 16] = self.score
        return found


def photo(size: tuple[int, int], box: tuple[int, int, int, int]) -> numpy.ndarray:
    picture = Image.new("RGB", size, (90, 90, 90))
    picture.paste((255, 0, 0), box)
    return numpy.asarray(picture)


def find(rgb: numpy.ndarray, alpha: numpy.ndarray, network) -> Face | None:
    return asyncio.run(faces.find(rgb, alpha, MODEL, network))


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((400, 300), (150, 60, 250, 160)),
        ((300, 700), (100, 20, 180, 100)),
        ((4000, 3000), (2100, 800, 2900, 1600)),
        ((640, 480), (0, 0, 120, 120)),
    ],
)
def test_a_face_is_where_it_is_in_the_photo(size, box):
    left, top, right, bottom = box
    network = Network()
    face = find(photo(size, box), numpy.full(size[::-1], 255, numpy.uint8), network)
    side = right - left
    near = max(2, side * 0.04)
    assert face and network.looks == 2  # once more, nearer
    assert face.x == pytest.approx((left + right) / 2, abs=near) and face.side == pytest.approx(side, abs=2 * near)
    assert face.eyes == pytest.approx(top + side / 4, abs=near)
    assert face.mouth == pytest.approx(bottom - side / 4, abs=near)


def test_a_small_face_is_looked_for_at_the_top_of_the_subject():
    rgb = photo((2000, 1500), (990, 300, 996, 306))
    alpha = numpy.zeros((1500, 2000), numpy.uint8)
    alpha[295:330, 970:1010] = 255

    class Blind(Network):
        async def __call__(self, tensor):
            nothing = numpy.full((1, 896, 17), -20, numpy.float32)
            return await super().__call__(tensor) if self.looks else (setattr(self, "looks", 1), nothing)[1]

    face = find(rgb, alpha, Blind())
    assert face and face.x == pytest.approx(993, abs=3)


def test_a_face_in_the_background_is_none_of_the_subject():
    rgb, alpha = photo((400, 300), (20, 20, 80, 80)), numpy.zeros((300, 400), numpy.uint8)
    alpha[100:300, 200:300] = 255
    assert find(rgb, alpha, Network()) is None
    assert find(rgb, numpy.zeros_like(alpha), Network()) is None
    assert find(rgb, numpy.full_like(alpha, 255), Network(score=-1)) is None


def test_an_engine_without_the_network_finds_none():
    engine: Engine = Bench().engine
    assert run(engine.find_face(photo((40, 30), (5, 5, 20, 20)), numpy.full((30, 40), 255, numpy.uint8))) is None


@needs_network
def test_the_real_network_finds_the_astronauts_eyes_and_mouth():
    import onnxruntime

    data = tflite.to_onnx(NETWORK.read_bytes())
    assert data == tflite.to_onnx(NETWORK.read_bytes()) and len(data) < 250_000
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])

    async def look(tensor):
        return session.run([tflite.OUTPUT], {tflite.INPUT: tensor})[0]

    rgb = numpy.asarray(Image.open(ASTRONAUT).convert("RGB"))
    face = find(rgb, numpy.full(rgb.shape[:2], 255, numpy.uint8), look)
    assert face and face.score > 0.8
    # By eye: the pupils at (205, 104) and (246, 106), the middle of the mouth at (223, 147).
    assert (face.x, face.eyes, face.mouth) == pytest.approx((224, 105, 147), abs=5)
    grey = numpy.full((300, 300, 3), 128, numpy.uint8)
    assert find(grey, numpy.full((300, 300), 255, numpy.uint8), look) is None
