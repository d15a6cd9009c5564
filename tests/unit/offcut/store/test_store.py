"""The models of a machine: where they are found, and what is said where one is missing."""

import json
import subprocess
import sys

import pytest

from offcut.cli import main
from offcut.errors import ModelDownloadError, OptionError
from offcut.models.catalogue import read_catalogue
from offcut.models.chunks import path_of
from offcut.store import fetching, folders, offers
from tests.unit.offcut.fakes import PIECES, catalogue_data
from tests.unit.offcut.samples import assert_plain


def write(folder, **titles):
    """A folder of models with these ids, whose titles are the values."""
    (folder / "chunks").mkdir(parents=True)
    data = catalogue_data()
    entry = data["models"]["one"]
    data["models"] = {name: entry | {"title": title} for name, title in titles.items()}
    data["default"] = next(iter(titles))
    (folder / "catalogue.json").write_text(json.dumps(data), "utf-8")
    for chunk, piece in zip(read_catalogue(data).model().chunks, PIECES, strict=True):
        (folder / path_of(chunk)).write_bytes(piece)
    return folder


def write_detector(folder, name):
    """A folder with a detector alone, as `tools.models.detectors` makes it."""
    folder.mkdir(parents=True)
    entry = catalogue_data()["models"]["one"]
    data = {"format": 1, "default": "", "models": {}, "detectors": {name: entry}}
    (folder / "catalogue.json").write_text(json.dumps(data), "utf-8")


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine without models, whose folder for them is `home`, and which may not fetch."""
    monkeypatch.setattr(folders, "_CHECKOUT", tmp_path / "checkout")
    monkeypatch.delenv(folders.VARIABLE, raising=False)
    monkeypatch.setenv(folders.HOME, str(tmp_path / "home"))
    monkeypatch.setenv(fetching.OFFLINE, "1")
    return tmp_path


@pytest.fixture
def fetched(monkeypatch):
    """Fetching writes a folder at once; tells what was fetched."""
    asked = []

    def fetch(ids):
        for name in ids:
            asked.append(name)
            if name in offers.detectors():
                write_detector(folders.kept(offers.detectors()[name]), name)
            else:
                write(folders.kept(offers.offers()[name]), **{name: f"fetched {name}"})

    monkeypatch.setattr(fetching, "fetch", fetch)
    return asked


def test_a_model_that_is_missing_is_fetched_once_and_stays(machine, fetched):
    models = fetching.ready("isnet")
    assert (fetched, models.catalogue.model("isnet").title) == (["isnet"], "fetched isnet")
    assert models.read(models.catalogue.model("isnet")) == b"".join(PIECES)
    assert list(fetching.ready("isnet").catalogue.models) == ["isnet"] and fetched == ["isnet"]


def test_without_a_name_the_default_of_the_catalogue_is_fetched(machine, fetched):
    assert fetching.ready().catalogue.default == "u2netp"
    fetching.ready("isnet")
    assert fetched == ["u2netp", "isnet"] and fetching.ready().catalogue.default == "u2netp"


def test_a_checkouts_models_come_before_fetched_ones(machine, fetched):
    fetching.ready("isnet")
    write(machine / "checkout", isnet="built", u2netp="built")
    models = fetching.ready("isnet").catalogue.models
    assert [models["isnet"].title, models["u2netp"].title] == ["built", "built"] and fetched == ["isnet"]


def test_models_are_found_by_argument_then_variable_and_nothing_is_fetched(machine, fetched, monkeypatch):
    first, second = write(machine / "first", one="first"), write(machine / "second", one="second")
    monkeypatch.setenv(folders.VARIABLE, str(first))
    assert fetching.ready().catalogue.model("one").title == "first"
    assert fetching.ready("u2netp", str(second)).catalogue.model("one").title == "second" and fetched == []


def test_a_folder_without_models_is_named_with_what_to_do(machine, monkeypatch):
    monkeypatch.setenv(folders.VARIABLE, str(machine / "nowhere"))
    with pytest.raises(ModelDownloadError, match=r"nowhere.*OFFCUT_MODELS.*offcut d") as caught:
        fetching.ready()
    assert_plain(caught.value)


def test_offline_a_sentence_says_what_is_missing_and_where_to_get_it(machine):
    with pytest.raises(
        ModelDownloadError, match=r"IS-Net: not on this machine.*`offcut d isnet`.*OFFCUT_HOME"
    ) as caught:
        fetching.ready("isnet")
    assert_plain(caught.value)


def test_a_failure_to_fetch_says_what_is_missing_and_why(machine, monkeypatch, capfd):
    monkeypatch.setenv(fetching.OFFLINE, "0")
    failing = machine / "builder"
    (failing / "tools").mkdir(parents=True)
    (failing / "tools/networks.py").write_text(
        "import sys\nprint('half of it')\nsys.exit('npm could not download it.')\n"
    )
    monkeypatch.setattr(fetching, "builder", lambda: failing)
    with pytest.raises(ModelDownloadError, match=r"IS-Net: not on this machine(?s:.*)\nnpm could not download it\.$"):
        fetching.ready("isnet")
    out, err = capfd.readouterr()
    assert out == "" and "fetched once, 136 MB, from the package @imgly/background-removal-data" in err
    assert err.endswith("half of it\n")


def test_an_unknown_model_is_named_with_those_there_are(machine):
    with pytest.raises(OptionError, match=r"'huge' is not known\. Use one of: u2netp, .*isnet"):
        fetching.ready("huge")


def test_another_entry_or_another_source_is_another_folder():
    package = {"name": "carrier", "version": "1", "bytes": 5}
    entry = {"title": "T", "tier": "fast", "licence": {"commercial": "Allowed."}, "resize": {"kernel": "bilinear"}}
    keys = [
        offers._offer("one", table, package, {"sha256": sha256}).key
        for table, sha256 in [
            (entry, "a"),
            (entry, "b"),
            (entry | {"resize": {"kernel": "bicubic"}}, "a"),
            (entry, "a"),
        ]
    ]
    assert keys[0] == keys[3] and len(set(keys)) == 3


def test_everything_in_the_catalogue_can_be_fetched():
    assert {"u2netp", "isnet", "isnet-768", "u2net"} <= set(offers.offers())
    assert all(offer.bytes > 1e6 and offer.licence and offer.package for offer in offers.offers().values())


def test_without_a_variable_models_are_kept_in_the_users_own_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(folders.HOME, raising=False)
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert folders.home().is_relative_to(tmp_path) and folders.home().name == "offcut"


def test_d_fetches_what_is_named_and_says_what_is_here_already(machine, fetched, capsys):
    assert main(["d", "isnet", "u2netp", "isnet-general-use"]) == 0 and fetched == ["isnet", "u2netp", "face"]
    assert list(folders.present().catalogue.detectors) == ["face"]
    assert main(["d"]) == 0 and fetched == ["isnet", "u2netp", "face"]
    assert "fetched u2netp is on this machine already" in capsys.readouterr().err


def test_without_what_finds_faces_d_is_done_and_says_what_that_means(machine, fetched, capsys, monkeypatch):
    def fetch(ids, fetch=fetching.fetch):
        if ids == ["face"]:
            raise ModelDownloadError("It could not be fetched.")
        fetch(ids)

    monkeypatch.setattr(fetching, "fetch", fetch)
    assert main(["d"]) == 0 and fetched == ["u2netp"]
    assert "ID presets place the head by its outline" in capsys.readouterr().err


def test_d_refuses_what_there_is_not_before_it_fetches_anything(machine, fetched, capsys):
    assert main(["d", "isnet", "huge"]) == 1 and fetched == []
    assert "'huge' is not known" in capsys.readouterr().err
    assert main(["d", "birefnet-general"]) == 1
    assert "The nearest is 'isnet'" in capsys.readouterr().err


def test_d_lists_every_model_with_its_size_and_licence(machine, fetched, capsys):
    main(["d", "isnet"])
    capsys.readouterr()
    assert main(["d", "--list"]) == 0
    out = capsys.readouterr().out
    assert "u2netp       U²-Net p: to fetch: 4 MB" in out and "isnet        fetched isnet: 0.0 MB in" in out
    assert out.count("Commercial use: ") == len(offers.offers())


def test_looking_for_models_imports_no_onnx():
    code = "import sys, offcut.store.fetching; print({'onnx', 'onnxruntime', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert done.stdout.strip() == "set()"
