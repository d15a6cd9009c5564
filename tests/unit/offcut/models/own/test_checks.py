"""What is refused of an ONNX file before anything runs it, and that nothing harmless is."""

import io
import random
import tracemalloc

import pytest

from offcut.errors import NetworkError
from offcut.models.own.checks import check_effort, inspect, needed_bytes
from offcut.models.own.description import examine
from tests.networks import KINDS, hostile, network
from tools.paths import VENDOR

MEMORY = 3e9
HOSTILE = hostile()


def examined(data: bytes, name: str = ""):
    return examine(inspect(io.BytesIO(data)), MEMORY, name)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason_and_a_sentence(what):
    data, reason = HOSTILE[what]
    with pytest.raises(NetworkError) as refused:
        examined(data)
    assert refused.value.reason == reason, str(refused.value)
    assert refused.value.name == "NetworkError" and str(refused.value).endswith(".")


def test_a_refusal_takes_little_memory():
    """Whatever a file claims."""
    for data, _ in HOSTILE.values():
        if len(data) > 2_000_000:
            continue  # its time is what it takes
        tracemalloc.start()
        with pytest.raises(NetworkError):
            examined(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20e6


@pytest.mark.parametrize("kind", KINDS)
def test_every_damage_to_a_network_is_a_refusal_or_harmless(kind):
    """Bits flipped, parts left out, cut anywhere: never another error."""
    data = network(KINDS[kind])
    choose = random.Random(kind)
    refused = 0
    for number in range(300):
        damaged = bytearray(data)
        if number % 3 == 0:
            del damaged[choose.randrange(len(data)) :]
        elif number % 3 == 1:
            for _ in range(1 + number % 5):
                damaged[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        else:
            at = choose.randrange(len(data))
            del damaged[at : at + choose.randrange(1, 9)]
        try:
            examined(bytes(damaged))
        except NetworkError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(("name", "side"), [("u2netp", 320), ("isnet", 1024), ("modnet", 512)])
def test_the_networks_of_the_catalogue_pass_and_their_memory_is_estimated(name, side):
    """As onnxruntime took it natively (2026-11-29): 272, 1146 and 187 MB."""
    path = VENDOR / "models" / f"{name}.onnx"
    if not path.exists():
        pytest.skip("`python3 -m tools fetch` brings the network")
    measured = {"u2netp": 272e6, "isnet": 1146e6, "modnet": 187e6}[name]
    with path.open("rb") as file:
        found = inspect(file)
    effort = check_effort(found, (side, side), MEMORY)
    assert measured < needed_bytes(effort) < 2.2 * measured
    assert all(shape is not None for shape in effort.outputs.values())
