"""The sheet for printing on the page: when there is one, what is said of it, what the worker is asked for."""

from types import SimpleNamespace

import pytest
from core import i18n
from core.preferences import Preferences
from core.request_queue import RequestQueue
from export.naming import Naming
from export.sheet import Sheet

from tests.page.editor.fakes import FakeControls
from tests.page.fakes import FakeWorker, answer, asynchronous, heard, settle

NAMING = Naming(Preferences({}, lambda name, value: None))
GERMAN = {"canvas.preset": "own", "canvas.width": 413, "canvas.height": 531, "canvas.dpi": 300}


def sheet_of(**controls) -> tuple[Sheet, FakeControls, FakeWorker]:
    worker, values = FakeWorker(), FakeControls()
    values.values |= {name.replace("__", "."): value for name, value in controls.items()} | GERMAN
    return Sheet(values, worker, RequestQueue(), SimpleNamespace(name="me.jpg", naming=NAMING)), values, worker


@pytest.mark.parametrize(
    ("preset", "dpi", "is_offered"), [("own", 300, True), ("own", 0, False), ("photo", 300, False)]
)
def test_there_is_one_for_a_size_in_millimetres(preset, dpi, is_offered):
    sheet, controls, _ = sheet_of()
    changed = heard(sheet.changed)
    controls.values |= {"canvas.preset": preset, "canvas.dpi": dpi}
    controls.changed("canvas").emit("canvas.dpi", False)
    assert sheet.is_offered == is_offered and len(changed) == 1


def test_it_says_how_many_pictures_there_are_and_how_large():
    sheet, controls, _ = sheet_of()
    assert sheet.count == 8 and sheet.note == "8 of 35 × 45 mm fit, with cut marks. Print at 100 %."
    controls.values |= {"canvas.width": 600, "canvas.height": 600, "sheet.paper": "4x6"}
    assert sheet.note.startswith("2 of 50.8 × 50.8 mm")
    controls.values |= {"canvas.dpi": 72}
    assert sheet.count == 0 and "does not fit" in sheet.note
    i18n.set_language("zh")
    try:
        assert "放不进" in sheet.note
    finally:
        i18n.set_language("en")


@asynchronous
async def test_the_file_is_named_after_the_photo():
    sheet, _, worker = sheet_of()
    made: list = []
    sheet.make("pdf", made.append)
    await settle()
    call = worker.waiting("save_sheet")
    assert call.arguments == ("10x15", "pdf")
    await answer(call, SimpleNamespace(blob="pdf", extension="pdf", width=1772, height=1181))
    assert [(file.name, file.blob, file.width) for file in made] == [("me-sheet.pdf", "pdf", 1772)]
