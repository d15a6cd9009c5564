"""Work that is put away in parts and taken up again."""

import json
import zlib

import numpy
import pytest
from hypothesis import given, strategies
from PIL import Image

from offcut.codecs import Photo
from offcut.editing.document import Document
from offcut.editing.history import History
from offcut.editing.persistence import document_of, image_of, manifest_of, parts_of
from offcut.editing.settings import Settings
from offcut.errors import WorkDamagedError
from tests.unit.offcut.editing.samples import PROVENANCE, apply, colours, document, stroke
from tests.unit.offcut.samples import assert_plain, examples

WIDTH, HEIGHT = 600, 300
PICTURE = Photo(Image.new("RGB", (5, 5)), Image.new("L", (5, 5), 9))
SETTINGS = {"edges": {"grow": 3}, "background": {"kind": "colour", "colour": "#123456"}, "canvas": {"crop": True}}


def photo() -> Photo:
    return Photo(Image.fromarray(colours(WIDTH, HEIGHT)), None, b"profile", (300, 300), ["animated"])


def put_away(edited: Document) -> tuple[dict, dict[str, bytes]]:
    return json.loads(json.dumps(manifest_of(edited))), {name: make() for name, make in parts_of(edited).items()}


strokes = strategies.builds(
    stroke,
    strategies.sampled_from(["restore", "erase"]),
    strategies.integers(10, 200),
    strategies.lists(
        strategies.tuples(strategies.integers(0, WIDTH), strategies.integers(0, HEIGHT)), min_size=1, max_size=3
    ),
)


@examples(30)
@given(strategies.lists(strokes, max_size=6), strategies.integers(0, 6), strategies.booleans())
def test_what_was_put_away_comes_back_whole(done, position, forgetful):
    edited = document(WIDTH, HEIGHT)
    edited.history = History(budget=1 if forgetful else 2**30)
    for operation in done * (5 if forgetful else 1):
        apply(edited, operation)
    edited.change(Settings.read({"placement": {"x": 7}}))
    edited.change(Settings.read(SETTINGS))
    edited.goto(position)
    again = document_of(photo(), *put_away(edited))
    assert (again.alpha == edited.alpha).all() and (again.finished == edited.finished).all()
    assert (again.rgb == edited.rgb).all() and (again.network_alpha() == edited.network_alpha()).all()
    assert again.settings == edited.settings == again.settled and again.history.steps == edited.history.steps
    assert (again.history.position, again.history.dropped) == (edited.history.position, edited.history.dropped)
    for end in (0, len(edited.history.steps), len(done)):
        edited.goto(end), again.goto(end)
        assert (again.alpha == edited.alpha).all() and again.settings == edited.settings
    for one in (edited, again):
        apply(one, stroke("erase", 400, [(300, 150)]))
    assert again.history.steps == edited.history.steps


def test_the_photos_own_metadata_come_with_its_file():
    again = document_of(photo(), *put_away(document(WIDTH, HEIGHT)))
    assert (again.provenance.icc_profile, again.provenance.dpi, again.provenance.notices) == (
        b"profile",
        (300, 300),
        ("animated",),
    )
    assert (again.provenance.model, again.provenance.threads) == (PROVENANCE.model, PROVENANCE.threads)


def test_a_part_once_written_stays_right():
    """Only new parts are written after a change: an old name must mean the same bytes."""
    edited, seen = document(WIDTH, HEIGHT), {}
    edited.history = History(budget=10_000)
    random = numpy.random.default_rng(4)
    for number in range(60):
        apply(edited, stroke("erase" if number % 2 else "restore", 90, random.uniform(0, 500, (3, 2)).tolist()))
        if number % 7 == 3:
            edited.goto(edited.history.position - 2)
        for name, make in parts_of(edited).items():
            assert seen.setdefault(name, make()) == make()
    assert any(name.startswith("dropped-") for name in seen)


def test_a_part_that_is_written_late_is_as_it_was_listed():
    """Parts are written one after the other while the person goes on, and old steps are dropped meanwhile."""
    edited = document(WIDTH, HEIGHT)
    edited.history = History(budget=10_000)
    random = numpy.random.default_rng(4)
    listed, made = {}, {}
    for number in range(60):
        for name, make in listed.items():
            assert make() == made[name]
        listed = parts_of(edited)
        made = {name: make() for name, make in listed.items()}
        apply(edited, stroke("erase" if number % 2 else "restore", 90, random.uniform(0, 500, (3, 2)).tolist()))
    assert any(name.startswith("dropped-") for name in made)


def test_a_background_image_that_is_gone_is_left_out():
    edited = document(WIDTH, HEIGHT)
    edited.take_background(PICTURE)
    edited.change(Settings.read({"background": {"kind": "image"}}))
    edited.take_background(PICTURE)
    edited.change(Settings.read({"background": {"kind": "image"}}))
    assert edited.images == {1, 2}
    again = document_of(photo(), *put_away(edited), PICTURE, 2, {1, 2})
    assert again.settings == edited.settings and again.background_image.mode == "RGBA"
    assert again.settings_at(1).background.image == 1 and again.take_background(PICTURE) == 3
    without = document_of(photo(), *put_away(edited), PICTURE, 2, {2})
    assert without.settings.background.image == 2 and without.settings_at(1).background.kind == "transparent"
    assert document_of(photo(), *put_away(edited)).settings.background.kind == "transparent"


def test_work_that_an_earlier_version_has_saved_is_read():
    """In its steps no settings change, and its one background image has no number."""
    edited = document(WIDTH, HEIGHT)
    edited.take_background(PICTURE)
    edited.begin_with(Settings.read({"background": {"kind": "image"}, "edges": {"grow": 2}}))
    apply(edited, stroke("erase", 90, [(300, 150)]))
    manifest, parts = put_away(edited)
    manifest["format"] = 1
    del manifest["settings"]["background"]["image"]
    assert image_of(manifest, {3}) == 3
    again = document_of(photo(), manifest, parts, PICTURE, 3, {3})
    assert again.settings.background.image == 3 and again.settings.edges.grow == 2
    again.goto(0)
    assert again.settings == again.settled and again.settings.edges.grow == 2


@pytest.mark.parametrize(
    "harm",
    [
        lambda manifest, parts: manifest.update(format=99),
        lambda manifest, parts: manifest.update(size=[1, 2]),
        lambda manifest, parts: manifest.update(position=9),
        lambda manifest, parts: manifest.update(settings={"edges": {"grow": "much"}}),
        lambda manifest, parts: manifest.pop("steps"),
        lambda manifest, parts: manifest.pop("origin"),
        lambda manifest, parts: parts.pop("alpha"),
        lambda manifest, parts: parts.pop("step-2"),
        lambda manifest, parts: parts.update({"alpha": parts["alpha"][:40]}),
        lambda manifest, parts: parts.update({"step-1": parts["step-1"][:-1]}),
        lambda manifest, parts: parts.update({"step-1": b""}),
        lambda manifest, parts: parts.update({"step-1": parts["step-1"][:60] + b"!" + parts["step-1"][61:]}),
        lambda manifest, parts: parts.update({"step-1": b"\4\0\0\0null"}),
        lambda manifest, parts: parts.update({"step-1": b"\x06\0\0\0[9, 9]"}),
        lambda manifest, parts: parts.update({"alpha": zlib.compress(bytes(1_000_000))}),
        lambda manifest, parts: (
            manifest.update(position=0) or parts.update({"step-2": parts["step-2"][:-9] + bytes(9)})
        ),
    ],
)
def test_damaged_work_is_refused_in_plain_words(harm):
    edited = document(WIDTH, HEIGHT)
    apply(edited, stroke("erase", 90, [(300, 150)]))
    apply(edited, stroke("restore", 50, [(300, 150)]))
    manifest, parts = put_away(edited)
    harm(manifest, parts)
    with pytest.raises(WorkDamagedError) as caught:
        document_of(photo(), manifest, parts)
    assert_plain(caught.value)


def test_a_step_that_was_undone_and_is_broken_is_found_when_the_work_is_opened():
    """Not when it is done again."""
    edited = document(WIDTH, HEIGHT)
    apply(edited, stroke("erase", 90, [(300, 150)]))
    edited.goto(0)
    manifest, parts = put_away(edited)
    parts["step-1"] = parts["step-1"][:-9] + bytes(9)
    with pytest.raises(WorkDamagedError):
        document_of(photo(), manifest, parts)


@pytest.mark.parametrize(
    ("field", "value"), [("box", [0, 9, "a", 9]), ("box", [[], 0, 9, 9]), ("name", 7), ("serial", {})]
)
def test_a_step_of_nonsense_is_found_when_the_work_is_opened(field, value):
    edited = document(WIDTH, HEIGHT)
    apply(edited, stroke("erase", 90, [(300, 150)]))
    manifest, parts = put_away(edited)
    length = int.from_bytes(parts["step-1"][:4], "little")
    head = json.dumps(json.loads(parts["step-1"][4 : 4 + length]) | {field: value}).encode()
    parts["step-1"] = len(head).to_bytes(4, "little") + head + parts["step-1"][4 + length :]
    with pytest.raises(WorkDamagedError):
        document_of(photo(), manifest, parts)
