"""What other programs import: `from offcut import remove, new_session, Engine, Options, errors, __version__`."""

import asyncio
import json
import os
import subprocess
import sys
import threading

import pytest

import offcut
from offcut.errors import InferenceError, ModelDamagedError, ModelDownloadError, OptionError
from offcut.models.catalogue import read_catalogue
from offcut.models.chunks import path_of
from offcut.store.folders import VARIABLE
from tests.unit.offcut.fakes import PIECES, FakeSession, catalogue_data, elsewhere, left_half
from tests.unit.offcut.samples import assert_plain, reopen, save, scene

PHOTO = save(scene(), "PNG")


@pytest.fixture
def models(tmp_path):
    """A folder with a catalogue and chunks that are no network."""
    (tmp_path / "chunks").mkdir()
    (tmp_path / "catalogue.json").write_text(json.dumps(catalogue_data()), "utf-8")
    for chunk, piece in zip(read_catalogue(catalogue_data()).model().chunks, PIECES, strict=True):
        (tmp_path / path_of(chunk)).write_bytes(piece)
    return tmp_path


@pytest.fixture
def loaded(monkeypatch) -> list[str]:
    """Each network finds its subject in the left half; answers which were loaded and released."""
    events: list[str] = []

    class Network(FakeSession):
        def __init__(self, model, data):
            events.append(f"load {model.id}")
            super().__init__(model, events, left_half)

    monkeypatch.setattr("offcut.inference.onnx_native.NativeSession", Network)
    return events


def in_new_process(code: str, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE} | variables
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, env=environment, check=True)
    return done.stdout.strip()


def test_importing_the_package_imports_neither_numpy_nor_onnxruntime():
    """In the browser, onnxruntime's WebAssembly has to be started before numpy is imported."""
    code = "import sys, offcut; print(offcut.__version__, {'numpy', 'PIL', 'onnxruntime'} & set(sys.modules))"
    assert in_new_process(code) == f"{offcut.__version__} set()"


def test_every_public_name_can_be_imported():
    code = "from offcut import *; print(remove.__name__, new_session.__name__, Engine, Options(), errors.OffcutError)"
    assert in_new_process(code).startswith("remove new_session <class 'offcut.pipeline.Engine'> Options(")
    assert set(offcut.__all__) <= set(dir(offcut))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = offcut.nonsense


def test_bytes_in_and_bytes_out(loaded, models):
    cutout = reopen(elsewhere(lambda: offcut.remove(PHOTO, models=models)))
    assert (cutout.format, cutout.mode, cutout.size) == ("PNG", "RGBA", (32, 16))
    assert cutout.getpixel((2, 2)) == (200, 30, 30, 255) and cutout.getpixel((29, 2)) == (0, 0, 0, 0)
    assert loaded == ["load one", "run one", "ran one", "release one"]


def test_every_option_is_passed_on(loaded, models):
    def removed(**options):
        return reopen(elsewhere(lambda: offcut.remove(PHOTO, models=models, **options)))

    assert removed(output="mask").mode == "L"
    assert removed(format="webp").format == "WEBP"
    assert removed(format="jpeg", background="#ffffff").getpixel((31, 15)) == (255, 255, 255)
    removed(model="two")
    assert "run two" in loaded
    for wrong in ({"model": "three"}, {"quality": 0}, {"refine": 2}, {"foreground": 1}, {"output": "both"}):
        with pytest.raises(OptionError):
            removed(**wrong)


def test_a_session_loads_its_model_once_for_many_photos(loaded, models):
    def both():
        session = offcut.new_session("two", models=models)
        return session.model, offcut.remove(PHOTO, session=session), offcut.remove(PHOTO, session=session)

    model, first, second = elsewhere(both)
    assert model == "two" and first == second
    assert loaded == ["load two", "run two", "ran two", "run two", "ran two"]


def test_a_session_can_be_used_from_several_threads(loaded, models):
    session, results = elsewhere(lambda: offcut.new_session(models=models)), []
    threads = [threading.Thread(target=lambda: results.append(offcut.remove(PHOTO, session=session))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == 4 and len(set(results)) == 1


def test_it_works_where_an_event_loop_runs_already(loaded, models):
    """As in a notebook."""

    async def cell():
        return offcut.remove(PHOTO, models=models)

    assert reopen(elsewhere(asyncio.run, cell())).size == (32, 16)


def test_without_models_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(ModelDownloadError, match="OFFCUT_MODELS") as caught:
        elsewhere(lambda: offcut.remove(PHOTO))
    assert_plain(caught.value)


def test_without_onnxruntime_a_sentence_says_how_to_install_it(monkeypatch, models):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delitem(sys.modules, "offcut.inference.onnx_native", raising=False)
    with pytest.raises(InferenceError, match=r"pip install 'offcut\[native\]'"):
        elsewhere(lambda: offcut.remove(PHOTO, models=models))


def test_a_damaged_catalogue_is_named(models):
    (models / "catalogue.json").write_text("{}")
    with pytest.raises(ModelDamagedError, match="catalogue"):
        elsewhere(lambda: offcut.new_session(models=models))
