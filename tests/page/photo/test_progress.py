"""The progress of the photo on its way, and its two buttons."""

from photo.progress import Progress

from tests.page.fakes import FakeClock, FakeWorker, asynchronous, heard, refusal, settle


def test_a_stage_is_named_when_it_begins_and_has_bytes_where_there_are_some():
    clock = FakeClock()
    progress = Progress(FakeWorker(), clock.now)
    stages = heard(progress.stage_changed)
    progress.show("decode")
    assert (progress.text, progress.total, progress.bytes_text) == ("Opening the photo", 0, "")
    progress.show("model", 0, 44_000_000)
    clock.seconds += 1
    progress.show("model", 4_000_000, 44_000_000)
    assert (progress.text, progress.done) == ("Getting ready", 4_000_000)
    assert progress.bytes_text == "4.0 of 44.0 MB · 4.0 MB/s · 10 s left"
    assert stages == [("decode",), ("model",)]
    progress.hide()
    assert (progress.text, progress.bytes_text) == ("", "")


def test_only_a_model_on_its_way_can_be_paused_and_cancelled():
    progress = Progress(FakeWorker(), FakeClock().now)
    for stage, done, total, can_stop in [
        ("runtime", 1, 2, False),
        ("model", 1, 2, True),
        ("model", 2, 2, False),
        ("infer", 0, 0, False),
    ]:
        progress.show(stage, done, total)
        assert progress.can_stop is can_stop
    progress.show("model", 1, 2)
    progress.hide()
    assert not progress.can_stop


@asynchronous
async def test_a_download_is_paused_continued_and_cancelled():
    worker = FakeWorker(pause_download=None, resume_download=None, cancel_download=None)
    progress = Progress(worker, FakeClock().now)
    progress.show("model", 1, 2)
    assert progress.pause_label == "Pause"
    progress.press_pause()
    assert (progress.text, progress.pause_label) == ("Paused", "Go on")
    progress.show("model", 1, 2)  # a piece that was on its way already
    assert progress.text == "Paused"
    progress.press_pause()
    assert (progress.text, progress.pause_label) == ("Getting ready", "Pause")
    progress.press_pause()
    progress.press_cancel()
    assert not progress.is_paused
    await settle()
    assert worker.names == ["pause_download", "resume_download", "pause_download", "cancel_download"]


@asynchronous
async def test_a_pause_ends_with_the_download():
    progress = Progress(FakeWorker(pause_download=None), FakeClock().now)
    progress.show("model", 1, 2)
    progress.press_pause()
    progress.show("infer")
    assert progress.text == "Finding the subject" and not progress.is_paused
    await settle()


@asynchronous
async def test_a_worker_that_was_stopped_is_no_failure_of_the_buttons():
    progress = Progress(FakeWorker(cancel_download=refusal("EngineStoppedError")), FakeClock().now)
    progress.show("model", 1, 2)
    progress.press_cancel()
    await settle()
