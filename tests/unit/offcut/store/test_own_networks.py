"""The path of an ONNX file stands for a model."""

import json

import numpy as np
import pytest

import offcut
from offcut.errors import NetworkError, OptionError
from offcut.request import network
from offcut.store.own_networks import with_own
from tests.networks import KINDS, brightness, hostile
from tests.networks import network as file_of
from tests.unit.offcut import fakes


@pytest.fixture
def models(tmp_path):
    """A folder of models without one that can run: the network of one's own is what runs."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "catalogue.json").write_text(json.dumps(fakes.catalogue_data()))
    return folder


def place(tmp_path, kind):
    path = tmp_path / KINDS[kind].file
    path.write_bytes(file_of(KINDS[kind]))
    return path


def subject_of(alpha):
    return ((alpha > 127) == (brightness().mean(axis=2) > 127)).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_of_a_file_cuts_out_the_subject(kind, tmp_path, models):
    path = place(tmp_path, kind)
    with offcut.new_session(path, models=models) as session:
        alpha = offcut.remove(brightness(), session=session, output="mask", refine=0.0)
        assert session.model == str(path)
    assert subject_of(np.asarray(alpha)) > 0.97


def test_the_path_can_be_named_with_the_photo(tmp_path, models):
    alpha = offcut.remove(
        brightness(), model=str(place(tmp_path, "IS-Net")), models=models, output="mask", refine=0.0
    )  # fmt: skip
    assert subject_of(np.asarray(alpha)) > 0.97


def test_rembgs_names_for_a_network_of_ones_own_take_its_path(tmp_path, models):
    """What they mean is how a photo is prepared, whatever is guessed."""
    path = place(tmp_path, "RMBG 1.4")
    with offcut.new_session("u2net_custom", model_path=path, models=models) as session:
        found = session._engine.model
        assert (found.mean, found.scale, found.output_alpha) == ((0.485, 0.456, 0.406), "max", "minmax")
    with offcut.new_session("dis_custom", model_path=path, models=models) as session:
        assert session._engine.model.mean == (0.5, 0.5, 0.5)
    with pytest.raises(OptionError, match="needs model_path"):
        network("u2net_custom")
    with pytest.raises(OptionError, match="take model_path"):
        network("u2netp", path)


def test_a_file_beside_it_says_what_is_otherwise(tmp_path, models):
    path = place(tmp_path, "MODNet")
    path.with_name(path.name + ".json").write_text(
        json.dumps({"title": "Portraits", "size": [512, 512], "step": 0, "short_side": 0, "rule": "letterbox"})
    )
    with offcut.new_session(path, models=models) as session:
        found = session._engine.model
    assert (found.title, found.input_size, found.input_step, found.resize_rule) == (
        "Portraits", (512, 512), 0, "letterbox",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["{", "[]", '{"size": [3]}', '{"who": 1}'])
def test_what_makes_no_sense_beside_it_is_said(text, tmp_path, models):
    path = place(tmp_path, "MODNet")
    path.with_name(path.name + ".json").write_text(text)
    with pytest.raises(OptionError):
        offcut.new_session(path, models=models)


def test_a_hostile_file_is_refused_before_onnxruntime_sees_it(tmp_path, models):
    path = tmp_path / "strange.onnx"
    path.write_bytes(hostile()["an endless loop"][0])
    with pytest.raises(NetworkError, match="Loop"):
        offcut.new_session(path, models=models)


def test_a_folder_and_a_missing_file_are_said(tmp_path, models):
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises((NetworkError, PermissionError)):
        offcut.new_session(tmp_path / "folder.onnx", models=models)
    with pytest.raises(FileNotFoundError):
        offcut.new_session(tmp_path / "missing.onnx", models=models)


def test_the_models_of_the_machine_stay(tmp_path, models):
    from offcut.store.folders import read_folder

    known = read_folder(models)
    found = with_own(str(place(tmp_path, "IS-Net")), known)
    assert found.catalogue.default == known.catalogue.default
    assert set(known.catalogue.models) < set(found.catalogue.models)
