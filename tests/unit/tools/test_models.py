"""The catalogue, the reduced networks and their pieces."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy
import onnx
import onnxruntime
import pytest
from hypothesis import given, strategies

from offcut.inference import onnx_native
from tests.unit.tools.samples import CATALOGUE, sha256, tiny_network
from tools.errors import ToolError
from tools.models import build as models_build
from tools.models import catalogue, chunks
from tools.models.comparison import compare
from tools.models.graph import reduce
from tools.paths import CATALOGUE as REAL


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "catalogue.toml"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def entry(written):
    return catalogue.load(written(CATALOGUE)).entries["tiny"]


def test_the_projects_catalogue_is_valid_and_has_a_permissive_default():
    listed = catalogue.load(REAL)
    assert listed.default in [entry.id for entry in listed.choose(None)]
    assert "Apache-2.0" in listed.entries[listed.default].data["licence"]["weights"]


def test_every_catalogue_source_is_in_the_lock():
    from tools.fetching.lock import load

    locked = {f"vendor/{file.to}" for package in load() for file in package.files}
    assert {entry.source for entry in catalogue.load(REAL).entries.values()} <= locked


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('rule = "squash"', 'rule = "crop"', "resize.rule = 'crop'; known are squash, letterbox"),
        ('kernel = "bilinear"', 'kernel = "box"', "resize.kernel"),
        ('scale = "255"', 'scale = "1"', "normalisation.scale"),
        ('alpha = "identity"', 'alpha = "none"', "output.alpha"),
        ('layout = "NCHW"', 'layout = "CHW"', "input.layout"),
        ("size = [8, 4]", "size = [8, 0]", "width, height"),
        ("size = [8, 4]", "size = [8]", "width, height"),
        ("size = [8, 4]", "size = [8, 4], step = 3", "no multiples of input.step = 3"),
        ("size = [8, 4]", "size = [8, 4], short_side = 2", "short_side = 2, which has to be a multiple of input.step"),
        ("size = [8, 4]", "size = [8, 4], step = 2, short_side = 3", "short_side = 3, which has to be a multiple"),
        ("size = [8, 4]", "size = [8, 4], step = 2, short_side = 6", "short_side = 6, .* up to the size"),
        ('kernel = "bilinear"', 'kernel = "bilinear", margin = 2', "leaves nothing of the photo"),
        (
            'layout = "NCHW" }',
            'layout = "NCHW", step = 4 }\nblocked = { backends = ["cpu"] }',
            "blocked, which needs",
        ),
        ("std = [0.5, 0.5, 0.5]", "std = [0.5, 0, 0.5]", "none zero"),
        ('weights = "Apache-2.0"', 'weights = ""', "licence of its weights"),
        ('commercial = "Yes: https://example.org/terms.", ', "", "lacks 'commercial'"),
        (', training_data = "<none>"', "", "lacks 'training_data'"),
        ('tier = "fast"', "", "lacks 'tier'"),
        ("default_build = true", 'default_build = "yes"', "default_build"),
        ('default = "tiny"', 'default = "big"', "the default model 'big'"),
        (
            "[models.tiny]",
            '[models.tiny]\nweights = { type = "int4" }',
            "weights.type = 'int4'; known are float32, float16, int8",
        ),
        ("[models.tiny]", '[models.tiny]\nactivations = { backends = ["wasm"] }', "lacks 'ranges'"),
        (
            "[models.tiny]",
            '[models.tiny]\nactivations = { backends = [], ranges = "r.json", operators = [] }',
            "type = 'int8'",
        ),
        (
            "[models.tiny]",
            (
                '[models.tiny]\nweights = { type = "int8" }\n'
                'activations = { backends = [], ranges = "r.json", operators = [] }'
            ),
            "the ranges r.json, which are not there",
        ),
    ],
)
def test_a_wrong_entry_is_refused_in_plain_words(written, old, new, message):
    assert old in CATALOGUE
    with pytest.raises(ToolError, match=message):
        catalogue.load(written(CATALOGUE.replace(old, new)))


def test_an_unknown_model_is_named_with_those_there_are(written):
    listed = catalogue.load(written(CATALOGUE))
    with pytest.raises(ToolError, match="no model 'huge'; it has tiny"):
        listed.choose(["huge"])


def test_models_left_out_of_a_default_build_can_still_be_chosen(written):
    other = CATALOGUE.split("[models.tiny]")[1].replace("default_build = true", "default_build = false")
    listed = catalogue.load(written(CATALOGUE + "[models.other]" + other))
    assert [entry.id for entry in listed.choose(None)] == ["tiny"]
    assert [entry.id for entry in listed.choose(["other"])] == ["other"]


def test_the_network_is_cut_folded_static_and_says_the_same(network, entry):
    built = reduce(network, entry)
    model = onnx.load_from_string(built)
    assert [value.name for value in model.graph.output] == ["wanted"]
    assert [side.dim_value for side in model.graph.input[0].type.tensor_type.shape.dim] == [1, 3, 4, 8]
    assert not {"Shape", "Size", "Cast", "Mul"} & {node.op_type for node in model.graph.node}
    assert "ballast" not in [tensor.name for tensor in model.graph.initializer]
    data = numpy.random.default_rng(9).random((1, 3, 4, 8), dtype=numpy.float32)
    before, after = (onnxruntime.InferenceSession(raw).run(["wanted"], {"image": data})[0] for raw in (network, built))
    assert numpy.abs(before - after).max() < 1e-5
    assert compare(network, built, entry) < 1e-3


def test_reducing_is_deterministic(network, entry):
    assert reduce(network, entry) == reduce(network, entry)


def test_a_network_that_says_something_else_fails(network, entry):
    damaged = onnx.load_from_string(reduce(network, entry))
    weight = damaged.graph.initializer[0]
    weight.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(weight) * 1.5, weight.name))
    with pytest.raises(ToolError, match="tiny differs from the original by"):
        compare(network, damaged.SerializeToString(), entry)


def test_a_network_that_says_nan_fails(network, entry):
    damaged = onnx.load_from_string(reduce(network, entry))
    weight = damaged.graph.initializer[0]
    weight.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(weight) * numpy.nan, weight.name))
    with pytest.raises(ToolError, match="differs from the original by inf"):
        compare(network, damaged.SerializeToString(), entry)


def test_an_uncut_network_fails(network, entry):
    with pytest.raises(ToolError, match="should give 'wanted' alone"):
        compare(network, network, entry)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "wanted"', 'name = "alpha"', "no output 'alpha'; it has unwanted, wanted"),
        ('name = "image"', 'name = "photo"', "no input 'photo'; it has image"),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_ones(network, written, old, new, message):
    wrong = catalogue.load(written(CATALOGUE.replace(old, new))).entries["tiny"]
    with pytest.raises(ToolError, match=message):
        reduce(network, wrong)


def test_a_network_of_a_fixed_size_keeps_it_until_it_is_freed(entry):
    reduced = onnx.load_from_string(reduce(tiny_network(16, 8), entry))
    assert [side.dim_value for side in reduced.graph.input[0].type.tensor_type.shape.dim] == [1, 3, 8, 16]


@given(data=strategies.binary(max_size=200), size=strategies.integers(1, 64))
def test_pieces_join_to_the_whole(data, size):
    pieces = list(chunks.split(data, size))
    assert chunks.join(pieces) == data
    assert all(0 < len(piece) <= size and name == sha256(piece) for name, piece in pieces)


def test_a_damaged_piece_is_named_with_both_hashes():
    (first, one), (second, _two) = chunks.split(b"abcdef", 3)
    with pytest.raises(ToolError, match=f"Piece 2 (?s:.*){second}(?s:.*){sha256(b'dex')}"):
        chunks.join([(first, one), (second, b"dex")])


def build(checkout, name="models", **options):
    return models_build.build(
        None, checkout.root / name, checkout.catalogue, checkout.root, **({"cache": checkout.cache} | options)
    )


def test_a_network_of_one_size_is_refused_at_another(checkout):
    (checkout.root / "vendor/models/tiny.onnx").write_bytes(tiny_network())
    checkout.catalogue.write_text(CATALOGUE.replace("size = [8, 4]", "size = [16, 8]"))
    with pytest.raises(ToolError, match="inputs of 1 × 3 × 4 × 8 alone, and not of 1 × 3 × 8 × 16"):
        build(checkout)


def test_the_built_folder_is_complete(checkout):
    folder = build(checkout)
    built = json.loads((folder / "catalogue.json").read_text())
    model = built["models"]["tiny"]
    assert (built["format"], built["default"], model["title"]) == (1, "tiny", "Tiny & quick")
    assert set(model) == {*catalogue.SHOWN, "bytes", "sha256", "chunks", "check"}
    pieces = [(each["sha256"], (folder / "chunks" / f"{each['sha256']}.bin").read_bytes()) for each in model["chunks"]]
    whole = chunks.join(pieces)
    assert (len(whole), sha256(whole)) == (model["bytes"], model["sha256"])
    assert len(list((folder / "chunks").iterdir())) == len(pieces)


EIGHT = """
weights = { type = "int8" }
activations = { backends = ["wasm"], ranges = "ranges.json", operators = ["Conv"] }
"""


@pytest.fixture
def eight(checkout):
    """The checkout with the small network in 8 bits for one backend."""
    checkout.catalogue.write_text(CATALOGUE + EIGHT)
    limits = {"image": [-2, 2], "convolved": [-9, 9]}
    (checkout.root / "ranges.json").write_text(json.dumps({"ranges": limits}))
    return checkout


def whole(folder, listed):
    return chunks.join(
        (each["sha256"], (folder / f"chunks/{each['sha256']}.bin").read_bytes()) for each in listed["chunks"]
    )


def test_a_backend_can_have_a_file_of_its_own_with_the_same_weights(eight):
    folder = build(eight)
    model = json.loads((folder / "catalogue.json").read_text())["models"]["tiny"]
    assert list(model["variants"]) == ["wasm"]
    kinds = []
    for listed in (model, model["variants"]["wasm"]):
        data = whole(folder, listed)
        assert (len(data), sha256(data)) == (listed["bytes"], listed["sha256"])
        kinds.append("QuantizeLinear" in {node.op_type for node in onnx.load_from_string(data).graph.node})
    assert kinds == [False, True]
    assert "rough" not in model and model["variants"]["wasm"]["rough"]
    common = {each["sha256"]: each["bytes"] for each in model["chunks"]}
    assert sum(common.get(each["sha256"], 0) for each in model["variants"]["wasm"]["chunks"]) >= 3 * 9
    assert build(eight, "again").joinpath("catalogue.json").read_bytes() == (folder / "catalogue.json").read_bytes()


def test_python_gets_what_cpython_runs_and_the_8_bits_for_processors_that_are_exact(eight):
    eight.catalogue.write_text(
        CATALOGUE.replace('"float32"', '"int8"') + EIGHT.replace('["wasm"]', '["wasm", "cpu-int8"]')
    )
    (entry,) = catalogue.load(eight.catalogue).choose(["tiny"])
    assert entry.for_python().forms() == {None: "plain", onnx_native.INT8: "activations"}
    folder = build(eight)
    variants = json.loads((folder / "catalogue.json").read_text())["models"]["tiny"]["variants"]
    assert list(variants) == ["wasm", "cpu-int8"]


def test_a_layout_is_for_the_backends_named(checkout):
    checkout.catalogue.write_text(CATALOGUE + 'blocked = { backends = ["cpu"] }\n')
    model = json.loads((build(checkout) / "catalogue.json").read_text())["models"]["tiny"]
    assert list(model["variants"]) == ["cpu"] and "rough" not in model["variants"]["cpu"]


def test_a_site_leaves_out_what_only_cpython_runs():
    def form(*names):
        return {"chunks": [{"sha256": name, "bytes": 1} for name in names]}

    models = {
        "one": form("graph", "weights") | {"variants": {"cpu": form("blocked", "weights"), "wasm": form("fast")}},
        "other": form("small") | {"variants": {"cpu": form("fast"), "cpu-int8": form("eight")}},
    }
    listed = {"models": models, "detectors": {"face": form("face")}}
    names = ["graph", "weights", "blocked", "fast", "small", "eight", "face"]
    whole = {f"chunks/{name}.bin": name.encode() for name in names} | {"catalogue.json": json.dumps(listed).encode()}
    kept = models_build.for_browsers(whole)
    assert whole.keys() - kept.keys() == {"chunks/blocked.bin", "chunks/eight.bin"}
    found = json.loads(kept["catalogue.json"])
    assert list(found["models"]["one"]["variants"]) == ["wasm"] and "variants" not in found["models"]["other"]


def test_half_precision_is_for_the_backends_named_and_says_that_it_rounds(checkout):
    checkout.catalogue.write_text(CATALOGUE + 'half = { backends = ["webgpu-half"] }\n')
    folder = build(checkout)
    model = json.loads((folder / "catalogue.json").read_text())["models"]["tiny"]
    assert (
        list(model["variants"]) == ["webgpu-half"]
        and model["variants"]["webgpu-half"]["rough"]
        and "rough" not in model
    )
    made = onnx.load_from_string(whole(folder, model["variants"]["webgpu-half"]))
    assert onnx.TensorProto.FLOAT16 in {node.attribute[0].i for node in made.graph.node if node.op_type == "Cast"}
    common = {each["sha256"] for each in model["chunks"]}
    assert common & {each["sha256"] for each in model["variants"]["webgpu-half"]["chunks"]}


def test_every_step_can_be_built_by_itself_to_measure_it(eight):
    kinds = {}
    for stored in catalogue.STORED:
        folder = build(eight, stored, stored=stored)
        model = json.loads((folder / "catalogue.json").read_text())["models"]["tiny"]
        assert "variants" not in model
        made = onnx.load_from_string(whole(folder, model))
        types = {tensor.data_type for tensor in made.graph.initializer if len(tensor.dims) == 4}
        kinds[stored] = onnx.TensorProto.INT8 in types, "QuantizeLinear" in {node.op_type for node in made.graph.node}
    assert kinds == {
        "float32": (False, False),
        "float16": (False, False),
        "int8": (True, False),
        "blocked": (True, False),
        "activations": (True, True),
        "half": (True, False),
    }


def test_activations_without_ranges_cannot_be_measured(checkout):
    with pytest.raises(ToolError, match="tiny has no ranges"):
        build(checkout, stored="activations")


def test_what_is_shipped_for_many_sizes_is_not_built_for_one():
    """And the default models can be stored in every other way."""
    for entry in catalogue.load().choose(None):
        refused = [stored for stored in catalogue.STORED if entry.refusal(stored)]
        for_one_size = [*catalogue.FOR_ONE_SIZE] * (entry.step > 0)
        assert refused == for_one_size + ["activations"] * ("activations" not in entry.data)
        for stored in refused:
            with pytest.raises(ToolError, match=entry.id):
                entry.only(stored)


def test_what_only_the_page_reads_changes_without_another_build(checkout, capsys):
    build(checkout)
    capsys.readouterr()
    checkout.catalogue.write_text(CATALOGUE.replace('rule = "squash"', 'rule = "letterbox"'))
    folder = build(checkout)
    assert capsys.readouterr().out == ""
    assert json.loads((folder / "catalogue.json").read_text())["models"]["tiny"]["resize"]["rule"] == "letterbox"


def test_a_second_build_comes_from_the_cache_and_a_damaged_cache_does_not(checkout, capsys):
    first = build(checkout, "one")
    assert "Building the model tiny" in capsys.readouterr().out
    second = build(checkout, "two")
    assert capsys.readouterr().out == ""
    for kept in (checkout.cache / "models").glob("*.onnx"):
        kept.write_bytes(b"damaged")
    third = build(checkout, "three")
    assert "Building the model tiny" in capsys.readouterr().out
    texts = {(folder / "catalogue.json").read_bytes() for folder in (first, second, third)}
    assert len(texts) == 1


def test_a_changed_source_is_built_again(checkout, capsys):
    build(checkout)
    capsys.readouterr()
    (checkout.root / "vendor/models/tiny.onnx").write_bytes(tiny_network())
    build(checkout)
    assert "Building the model tiny" in capsys.readouterr().out


def test_a_missing_source_says_how_to_get_it(checkout):
    (checkout.root / "vendor/models/tiny.onnx").unlink()
    with pytest.raises(ToolError, match=r"vendor/models/tiny\.onnx is missing; .*tools fetch"):
        build(checkout)


def test_a_folder_that_is_right_is_left_alone(checkout):
    folder = build(checkout)
    before = folder.stat().st_ino, (folder / "catalogue.json").stat().st_ino
    build(checkout)
    assert (folder.stat().st_ino, (folder / "catalogue.json").stat().st_ino) == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "catalogue.json").write_text("{}"),
        lambda folder: (folder / "catalogue.json").unlink(),
        lambda folder: (folder / "chunks/old.bin").write_bytes(b"old"),
    ],
    ids=["changed", "missing", "too many"],
)
def test_a_folder_that_is_not_right_is_made_again(checkout, spoil):
    folder = build(checkout)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    spoil(folder)
    build(checkout)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_two_builds_at_once_build_the_network_once(checkout, capsys):
    with ThreadPoolExecutor() as pool:
        builds = [pool.submit(build, checkout) for _ in range(4)]
        folders = {done.result(60) for done in builds}
    output = capsys.readouterr().out
    assert output.count("Building the model tiny from") == 1
    (folder,) = folders
    assert json.loads((folder / "catalogue.json").read_text())["default"] == "tiny"
    assert not list(checkout.root.glob(".models-*"))
