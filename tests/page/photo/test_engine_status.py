"""The line at the foot of the page."""

from core import i18n
from photo.engine_status import EngineStatus

from tests.page.fakes import FakeClock, heard, info


def status():
    return EngineStatus(FakeClock().now)


def test_it_follows_the_engine_from_start_to_ready():
    line = status()
    changes = heard(line.changed)
    assert (line.state, line.text) == ("", "")
    line.starting()
    assert (line.state, line.text) == ("starting", "Starting…")
    line.loading(1_000_000, 2_000_000)
    assert (line.state, line.text) == ("starting", "Getting ready: 1.0 of 2.0 MB")
    line.ready(info())
    assert (line.state, line.text) == ("ready", "Ready")
    assert len(changes) == 3


def test_a_photo_takes_over_from_the_start_but_not_from_what_is_ready():
    line = status()
    line.loading(1_000_000, 2_000_000)
    line.photo_chosen()
    assert line.text == "Starting…"
    line.ready(info())
    line.photo_chosen()
    assert line.text.startswith("Ready")


def test_it_says_that_a_photo_is_done():
    line = status()
    line.finished()
    assert (line.state, line.text) == ("ready", "Done")


def test_little_memory_has_a_limit_that_is_named():
    line = status()
    line.ready(info(low_memory=True, max_pixels=12_000_000))
    assert line.text.endswith("little memory here: photos up to 12 million pixels at full size")


def test_an_engine_that_was_stopped_rests_and_one_that_did_not_start_has_failed():
    line = status()
    line.resting()
    assert (line.state, line.text) == ("resting", "Offcut starts with the next photo")
    line.failed()
    assert (line.state, line.text) == ("failed", "Offcut did not start")


def test_the_text_is_in_the_language_of_the_page_at_any_time():
    line = status()
    line.failed()
    english = line.text
    i18n.set_language("zh")
    assert line.text != english
