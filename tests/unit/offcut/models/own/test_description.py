"""What is guessed of a network, what a person may change, and that a right guess finds the subject."""

import io
import math

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from offcut.errors import NetworkError, OptionError
from offcut.inference import preprocess
from offcut.models.catalogue import OWN, File
from offcut.models.own.checks import inspect
from offcut.models.own.description import changed, described, examine, own_id, read
from offcut.models.own.families import FAMILIES
from tests.networks import KINDS, brightness, network
from tools.paths import VENDOR

MEMORY = 3e9


def guess_of(kind):
    made = inspect(io.BytesIO(network(kind)))
    return made, examine(made, MEMORY, kind.file)


@pytest.mark.parametrize("name", KINDS)
def test_the_family_of_a_network_is_guessed(name):
    kind = KINDS[name]
    _, found = guess_of(kind)
    assert found.family == kind.family
    assert (found.guess.mean, found.guess.std) == kind.mean_std
    height, width = kind.sides
    assert found.guess.size == (kind.size if isinstance(height, str) else (width, height))
    assert found.guess.alpha == ("sigmoid" if kind.is_logit else FAMILIES[kind.family].alpha)
    assert found.guess.output == kind.outputs[0]


@pytest.mark.parametrize("name", KINDS)
def test_a_network_that_was_guessed_right_finds_the_subject(name):
    """Each finds what is brighter than a middle grey, and only where the photo is prepared as its authors do."""
    kind = KINDS[name]
    data = network(kind)
    made, found = guess_of(kind)
    model = found.guess.model("own-x", made, File(len(data), "", ()))
    photo = brightness()
    tensor, geometry = preprocess.prepare(Image.fromarray(photo), model)
    (output,) = onnxruntime.InferenceSession(data).run([model.output_name], {model.input_name: tensor})
    alpha = preprocess.read_alpha(output, geometry, model.output_alpha, model.output_channel)
    small = np.asarray(Image.fromarray((alpha * 255).astype(np.uint8)).resize((96, 64), Image.Resampling.BOX))
    subject = photo.mean(axis=2) > 127
    assert ((small > 127) == subject).mean() > 0.97


@pytest.mark.parametrize(("name", "family"), [("u2netp", "u2net"), ("isnet", "isnet"), ("modnet", "modnet")])
def test_a_real_network_is_known_by_its_layers_whatever_its_file_is_called(name, family):
    path = VENDOR / "models" / f"{name}.onnx"
    if not path.exists():
        pytest.skip("`python3 -m tools fetch` brings the network")
    with path.open("rb") as file:
        made = inspect(file)
    found = examine(made, MEMORY, "birefnet.onnx")
    assert found.family == family
    assert found.guess.output == {"u2netp": "1959"}.get(name, "output")


def test_a_description_survives_being_kept():
    made, found = guess_of(KINDS["MODNet"])
    for description in found.descriptions.values():
        assert read(description.plain(), made, MEMORY) == description


def test_a_network_of_ones_own_is_in_a_tier_that_nothing_chooses():
    made, found = guess_of(KINDS["U²-Net"])
    model = found.guess.model(own_id("0123456789abcdef" * 4), made, File(9, "0" * 64, ()))
    assert (model.tier, model.id, model.title) == (OWN, "own-0123456789abcdef", "my-u2net")


def test_what_a_person_changes_is_taken():
    made, found = guess_of(KINDS["RMBG 2.0"])
    new = changed(found.guess, {"title": " Mine ", "size": [512, 256], "mean": [0, 0, 0], "alpha": "minmax"}, made, 3e9)
    assert (new.title, new.size, new.mean, new.alpha) == ("Mine", (512, 256), (0.0, 0.0, 0.0), "minmax")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": ""}, OptionError),
        ({"title": "x" * 61}, OptionError),
        ({"family": "x"}, OptionError),
        ({"mean": [0.5, 0.5]}, OptionError),
        ({"mean": [0.5, 0.5, math.nan]}, OptionError),
        ({"std": [0, 1, 1]}, OptionError),
        ({"scale": "7"}, OptionError),
        ({"rule": None}, OptionError),
        ({"alpha": "softmax"}, OptionError),
        ({"output": "another"}, OptionError),
        ({"channel": 1}, OptionError),
        ({"size": [1024.5, 1024]}, OptionError),
        ({"size": [1 << 40, 1 << 40]}, OptionError),
        ({"size": "1024"}, OptionError),
        ({"step": 33}, OptionError),
        ({"path": "/etc/passwd"}, OptionError),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(values, error):
    made, found = guess_of(KINDS["MODNet"])
    with pytest.raises(error):
        changed(found.guess, values, made, MEMORY)


def test_a_size_that_takes_too_much_memory_is_refused():
    made, found = guess_of(KINDS["MODNet"])
    with pytest.raises(NetworkError) as refused:
        changed(found.guess, {"size": [4096, 4096]}, made, 3e8)
    assert refused.value.reason == "memory"


def test_a_fixed_size_cannot_be_changed():
    made, found = guess_of(KINDS["U²-Net"])
    with pytest.raises(NetworkError) as refused:
        changed(found.guess, {"size": [512, 512]}, made, MEMORY)
    assert refused.value.reason == "inputs"


@pytest.mark.parametrize("name", KINDS)
def test_a_kept_network_has_the_description_that_it_was_kept_with(name):
    made, found = guess_of(KINDS[name])
    for family, one in found.descriptions.items():
        again = described(one.model("own-x", made, File(1, "", ())), found)
        assert (again, again.family) == (one, family) or found.descriptions[again.family] == again
    by_hand = changed(found.guess, {"title": "By hand", "mean": [0.1, 0.2, 0.3]}, made, MEMORY)
    assert described(by_hand.model("own-x", made, File(1, "", ())), found) == by_hand
