"""The list of models, and their files in pieces that are checked."""

import dataclasses
import hashlib

import pytest
from hypothesis import given, strategies

from offcut.errors import ModelDamagedError, ModelDownloadError, OptionError
from offcut.models.catalogue import Catalogue, Chunk, read_catalogue
from offcut.models.chunks import is_intact, path_of, read_model
from tests.unit.offcut.fakes import PIECES, catalogue, catalogue_data, model
from tests.unit.offcut.samples import assert_plain, examples


def chunk(data: bytes) -> Chunk:
    return Chunk(hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def folder(tmp_path):
    """A folder of models as `tools` builds it."""
    (tmp_path / "chunks").mkdir()
    for piece in PIECES:
        (tmp_path / path_of(chunk(piece))).write_bytes(piece)
    return tmp_path


def test_a_catalogue_is_read_whole():
    one = catalogue().model("one")
    assert (one.id, one.title, one.tier, one.licence["weights"]) == ("one", "Number One", "fast", "Apache-2.0")
    assert one.chunks == tuple(chunk(piece) for piece in PIECES)
    assert one.bytes == sum(piece.bytes for piece in one.chunks)
    assert (one.input_name, one.input_size) == ("image", (8, 4))
    assert (one.resize_rule, one.resize_kernel, one.scale) == ("squash", "bilinear", "255")
    assert (one.mean, one.std) == ((0.5, 0.4, 0.3), (0.5, 0.25, 0.125))
    assert (one.output_name, one.output_alpha) == ("alpha", "identity")


def test_what_a_catalogue_says_more_does_not_harm():
    """Later versions may add to it; the browser may hold an older engine for a moment."""
    data = catalogue_data()
    data["new"] = data["models"]["one"]["new"] = {"anything": 1}
    assert read_catalogue(data) == catalogue()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("bytes", "9"),
        ("bytes", -1),
        ("sha256", 7),
        ("chunks", 3),
        ("chunks", [None]),
        ("licence", 1),
        ("input", {"name": "image", "size": [8]}),
        ("input", None),
        ("normalisation", {"scale": "255", "mean": [0, 0, float("nan")], "std": [1, 1, 1]}),
        ("normalisation", {"scale": "255", "mean": [0, 0, 10**400], "std": [1, 1, 1]}),
        ("variants", []),
    ],
)
def test_a_malformed_catalogue_is_called_so(field, value):
    data = catalogue_data()
    data["models"]["two"][field] = value
    with pytest.raises(ValueError, match=r"number|text|malformed"):
        read_catalogue(data)


@pytest.mark.parametrize("data", [None, 1, [], {"format": 1, "default": "three", "models": {}}])
def test_something_else_than_a_catalogue_is_called_malformed(data):
    with pytest.raises((KeyError, ValueError)):
        read_catalogue(data)


def test_a_backend_may_have_a_file_of_its_own(folder):
    data = catalogue_data()
    own = PIECES[1]
    data["models"]["one"]["variants"] = {
        "wasm": {
            "bytes": len(own),
            "sha256": hashlib.sha256(own).hexdigest(),
            "chunks": [{"sha256": hashlib.sha256(own).hexdigest(), "bytes": len(own)}],
            "rough": True,
        }
    }
    one = read_catalogue(data).model("one")
    assert read_model(one, folder) == read_model(one.variant("cpu"), folder) == b"".join(PIECES)
    wasm = one.variant("wasm")
    assert (read_model(wasm, folder), wasm.bytes) == (own, len(own))
    assert (one.reduced_precision, one.variant("cpu").reduced_precision, wasm.reduced_precision) == (False, False, True)
    assert (wasm.id, wasm.output_name, wasm.variant("wasm")) == (one.id, one.output_name, wasm)


def test_models_cannot_be_changed_by_who_uses_them():
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue().model().title = "x"
    assert hash(catalogue().model().chunks) == hash(model().chunks)


def test_the_default_is_used_unless_another_is_asked_for():
    assert catalogue().model().id == catalogue().model(None).id == "one"
    assert catalogue().model("two").id == "two"


@pytest.mark.parametrize("id", ["three", "One", "__proto__", 5, ["one"], {"one": 1}])
def test_a_model_that_is_not_listed_is_named_with_those_that_are(id):
    with pytest.raises(OptionError) as caught:
        catalogue().model(id)
    assert repr(id) in str(caught.value) and "one, two" in str(caught.value)
    assert_plain(caught.value)


@pytest.mark.parametrize("format", [0, 2, "1", None])
def test_a_catalogue_of_another_format_is_refused(format):
    with pytest.raises(ValueError, match="reads format 1"):
        read_catalogue(catalogue_data() | {"format": format})


ENTRY = catalogue_data()["models"]["one"]


@pytest.mark.parametrize("key", ["format", "default", "models"])
def test_a_catalogue_that_lacks_something_is_refused(key):
    data = catalogue_data()
    del data[key]
    with pytest.raises(KeyError):
        read_catalogue(data)


@pytest.mark.parametrize("key", ENTRY)
def test_a_model_that_lacks_something_is_refused(key):
    data = catalogue_data()
    del data["models"]["two"][key]
    with pytest.raises(KeyError):
        read_catalogue(data)


@pytest.mark.parametrize(
    ("part", "key"),
    [(part, key) for part in ("input", "resize", "normalisation", "output") for key in ENTRY[part] if key != "layout"],
)
def test_a_model_of_which_a_part_lacks_something_is_refused(part, key):
    data = catalogue_data()
    del data["models"]["two"][part][key]
    with pytest.raises(KeyError):
        read_catalogue(data)


def test_an_empty_catalogue_has_no_model_to_give():
    with pytest.raises(OptionError):
        Catalogue("one", {}).model()


@examples()
@given(strategies.binary(max_size=64))
def test_a_whole_piece_is_intact_however_it_is_held(data):
    assert is_intact(chunk(data), data)
    assert is_intact(chunk(data), memoryview(data))


@examples()
@given(strategies.binary(min_size=1, max_size=64), strategies.data())
def test_a_piece_with_any_bit_changed_or_byte_missing_is_not(data, draw):
    place = draw.draw(strategies.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[place] ^= 1 << draw.draw(strategies.integers(0, 7))
    assert not is_intact(chunk(data), bytes(changed))
    assert not is_intact(chunk(data), data[:-1])
    assert not is_intact(chunk(data), data + b"\0")


def test_a_piece_of_the_right_content_and_the_wrong_size_is_not():
    """The catalogue then contradicts itself."""
    assert not is_intact(dataclasses.replace(chunk(b"abc"), bytes=4), b"abc")


def test_a_piece_is_named_by_its_content():
    assert path_of(chunk(b"")) == f"chunks/{hashlib.sha256(b'').hexdigest()}.bin"


def test_a_model_is_its_pieces_in_order(folder):
    assert read_model(model(), folder) == b"".join(PIECES)


@pytest.mark.parametrize("piece", PIECES)
def test_a_missing_piece_says_how_to_make_it(folder, piece):
    (folder / path_of(chunk(piece))).unlink()
    with pytest.raises(ModelDownloadError, match=r"Number One.*missing.*Build the models again.*offcut d") as caught:
        read_model(model(), folder)
    assert_plain(caught.value)


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-1], lambda data: data + b"x", lambda data: b"X" + data[1:], lambda data: b""],
    ids=["short", "long", "changed", "empty"],
)
@pytest.mark.parametrize("piece", PIECES)
def test_a_damaged_piece_is_never_used(folder, piece, damage):
    (folder / path_of(chunk(piece))).write_bytes(damage(piece))
    with pytest.raises(ModelDamagedError, match=r"Number One.*damaged") as caught:
        read_model(model(), folder)
    assert_plain(caught.value)


def test_swapped_pieces_are_noticed(folder):
    first, second = (folder / path_of(chunk(piece)) for piece in PIECES)
    first.write_bytes(PIECES[1])
    second.write_bytes(PIECES[0])
    with pytest.raises(ModelDamagedError):
        read_model(model(), folder)
