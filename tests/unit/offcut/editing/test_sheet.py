"""Sheets for printing: sizes in pixels and in points, pictures at their exact scale, marks outside of them."""

import io
import itertools
import re

import numpy
import pytest
from PIL import Image

from offcut.editing.editor import Editor
from offcut.editing.settings import Settings
from offcut.editing.sheet import make_sheet, write_sheet
from offcut.errors import OptionError
from offcut.options import Options
from offcut.protocol.sheets import PAPERS, arrange
from tests.unit.offcut.editing.samples import open_in
from tests.unit.offcut.fakes import Bench, run
from tests.unit.offcut.samples import save, scene

PHOTO = Image.fromarray(numpy.random.default_rng(3).integers(60, 190, (531, 413, 3), numpy.uint8))
"""A picture of 35 × 45 mm at 300 dpi that is neither white nor black anywhere."""


def places(sheet: Image.Image, picture: Image.Image) -> list[tuple[int, int]]:
    """Where a picture lies on a sheet, pixel for pixel: left and top of each."""
    values, wanted = numpy.asarray(sheet), numpy.asarray(picture)
    height, width = wanted.shape[:2]
    firsts = (values[:-1] == wanted[0, 0]).all(2) & (values[1:] == wanted[1, 0]).all(2)
    rows, columns = numpy.nonzero(firsts)
    found: list[tuple[int, int]] = []
    for top, left in zip(rows.tolist(), columns.tolist(), strict=True):
        if numpy.array_equal(values[top : top + height, left : left + width], wanted):
            found.append((left, top))
    return found


@pytest.mark.parametrize(
    ("paper", "size", "count"),
    [
        ("10x15", (1772, 1181), 8),  # 4 × 35 + 3 = 143 of 150 mm, 2 × 45 + 1 = 91 of 100 mm
        ("4x6", (1800, 1200), 8),
        ("a4", (3508, 2480), 32),  # 8 × 35 + 7 = 287 of 297 mm, 4 × 45 + 3 = 183 of 210 mm; upright it is 5 × 6
        ("letter", (3300, 2550), 28),
    ],
)
def test_a_sheet_has_the_papers_size_and_as_many_pictures_as_have_room(paper, size, count):
    sheet = make_sheet(PHOTO, 300, paper)
    assert sheet.size == size and sheet.mode == "RGB"
    found = places(sheet, PHOTO)
    assert len(found) == count
    lefts, tops = sorted({left for left, _ in found}), sorted({top for _, top in found})
    assert len(lefts) * len(tops) == count
    for starts, side, room in ((lefts, 413, size[0]), (tops, 531, size[1])):
        assert {later - earlier for earlier, later in itertools.pairwise(starts)} <= {side + 12}  # 1 mm
        assert abs(starts[0] - (room - starts[-1] - side)) <= 1 and starts[0] >= 35  # 3 mm
    assert arrange(paper, 35, 45).count == count


def test_marks_lie_at_the_pictures_edges_and_on_none_of_them():
    sheet = make_sheet(PHOTO, 300, "10x15")
    black = (numpy.asarray(sheet) == 0).all(2)
    found = places(sheet, PHOTO)
    edges = {left for left, _ in found} | {left + 413 for left, _ in found}
    for left, top in found:
        assert not black[top - 4 : top + 531 + 4, left - 4 : left + 413 + 4].any()
    first, last = min(top for _, top in found), max(top for _, top in found) + 531
    for band in (black[:first], black[last:]):
        columns = numpy.flatnonzero(band.any(0))
        upright = {column for column in columns if band[:, column].sum() > 12}
        assert upright == {edge - 1 for edge in edges} | set(edges)


def test_another_resolution_is_printed_as_large():
    dutch = PHOTO.resize((551, 709))  # 35 × 45 mm at 400 dpi
    sheet = make_sheet(dutch, 400, "10x15")
    paper = (numpy.asarray(sheet) == 255).all(2)
    rows = numpy.flatnonzero(~paper[:, 886 - 100])
    assert len(rows) == 2 * 532 and arrange("10x15", 35, 45).count == 8  # 709 × 300 / 400


def test_what_is_transparent_becomes_white_and_grey_is_taken():
    clear = PHOTO.copy()
    clear.putalpha(0)
    assert (numpy.asarray(make_sheet(clear, 300, "4x6"))[300:400, 300:400] == 255).all()
    grey = PHOTO.convert("L")
    assert len(places(make_sheet(grey, 300, "4x6"), grey.convert("RGB"))) == 8


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_a_pdf_has_one_page_of_the_papers_size_in_points(paper):
    sheet = make_sheet(Image.linear_gradient("L").resize(PHOTO.size), 300, paper)
    data = write_sheet(sheet, "pdf")
    assert data.startswith(b"%PDF-") and data.count(b"/Type /Page\n") == 1
    box = [float(number) for number in re.search(rb"/MediaBox \[([^\]]+)\]", data)[1].split()]
    assert box == pytest.approx([0, 0, sheet.width * 72 / 300, sheet.height * 72 / 300], abs=0.001)
    assert sorted(box[2:]) == pytest.approx([side / 25.4 * 72 for side in PAPERS[paper]], abs=0.13)  # half a pixel
    assert b"CreationDate" not in data and data == write_sheet(sheet, "pdf")
    start = data.index(b"\xff\xd8\xff")
    picture = Image.open(io.BytesIO(data[start:]))
    assert picture.size == sheet.size
    assert numpy.abs(numpy.asarray(picture).astype(int) - numpy.asarray(sheet)).mean() < 1


def test_a_png_states_300_pixels_per_inch():
    sheet = make_sheet(PHOTO, 300, "10x15")
    file = Image.open(io.BytesIO(write_sheet(sheet, "png")))
    assert file.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert numpy.array_equal(numpy.asarray(file), numpy.asarray(sheet))


def test_what_cannot_be_printed_is_refused_with_a_way_out():
    with pytest.raises(OptionError, match="millimetres"):
        make_sheet(PHOTO, None, "a4")
    with pytest.raises(OptionError, match="larger"):
        make_sheet(PHOTO, 72, "10x15")
    with pytest.raises(OptionError, match="paper"):
        make_sheet(PHOTO, 300, "a5")
    with pytest.raises(OptionError, match="gif"):
        write_sheet(PHOTO, "gif")


def test_the_editor_puts_the_finished_picture_on_it():
    editor = Editor(Bench().engine)
    run(open_in(editor, save(scene(), "PNG")))
    with pytest.raises(OptionError, match="millimetres"):
        run(editor.save_sheet("10x15", "png"))
    canvas = {"width": 413, "height": 531, "dpi": 300}
    white = {"kind": "colour", "colour": "#c8d0d8"}
    run(editor.set_settings(Settings.read({"canvas": canvas, "background": white})))
    result = run(editor.save_sheet("10x15", "pdf"))
    assert (result.format.mime, result.format.extension) == ("application/pdf", "pdf")
    assert (result.width, result.height) == (1772, 1181) and result.data.startswith(b"%PDF-")
    sheet = Image.open(io.BytesIO(run(editor.save_sheet("10x15", "png")).data))
    one = Image.open(io.BytesIO(run(editor.save(Options.read({"format": "png"}))).data)).convert("RGB")
    for left, top in ((42, 53), (42 + 3 * 425, 53 + 543)):  # the first and the last
        assert numpy.array_equal(numpy.asarray(sheet.crop((left, top, left + 413, top + 531))), numpy.asarray(one))
