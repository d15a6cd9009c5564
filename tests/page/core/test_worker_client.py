"""The client of the worker: answers find their request in any order, and a stopped worker leaves no one waiting."""

import asyncio

import pytest
from core.log import log
from core.timing import timing
from core.worker_client import EngineError, WorkerClient

from offcut.protocol import messages, requests
from tests.page.fakes import heard

SITE = ("https://example.org/offcut/", 5)


class FakeTransport:
    """A worker that answers what a test tells it to; `start` alone is answered by itself, unless `is_silent`."""

    def __init__(self):
        self.sent = []  # (id, name, arguments), without those of `start`
        self.starts = self.stops = 0
        self.failure = None  # raised by the next start
        self.is_silent = False
        self.uncloneable = None
        self.bytes = 0  # that have arrived
        self.never_starts = False
        self.fault = ""  # what is wrong with the site's files

    async def diagnose(self):
        return self.fault

    def arrived(self):
        return self.bytes

    async def start(self, receive):
        self.starts += 1
        await asyncio.sleep(3600 if self.never_starts else 0)
        if self.failure:
            failure, self.failure = self.failure, None
            raise failure
        self.receive = receive
        return SITE

    async def send(self, id, name, arguments):
        if self.uncloneable in arguments and self.uncloneable is not None:
            raise ValueError("DataCloneError", "it could not be cloned")
        if name != requests.START.name:
            self.sent.append((id, name, arguments))
        else:
            self.site = arguments
            if not self.is_silent:
                self.receive(messages.ANSWER, id, {})

    def stop(self):
        self.stops += 1

    def id_of(self, name):
        return next(number for number, sent, _ in self.sent if sent == name)

    def answer(self, name, answer):
        self.receive(messages.ANSWER, self.id_of(name), answer)


class Page:
    """A client with what it would be given on the page."""

    def __init__(self):
        self.transport = FakeTransport()
        self.blocked = []
        self.asked = 0
        self.may_stop = True
        self.client = WorkerClient(self.transport, self._may_stop, lambda *what: self.blocked.append(what))

    def _may_stop(self):
        self.asked += 1
        return self.may_stop


@pytest.fixture
def page():
    return Page()


def run(story):
    """Run a story to its end, and nothing of it beyond."""

    async def whole():
        await asyncio.wait_for(story, 5)

    asyncio.run(whole())


async def settled():
    """Let everything go as far as it can without the worker."""
    for _ in range(20):
        await asyncio.sleep(0)


async def refused(task):
    with pytest.raises(EngineError) as caught:
        await task
    return caught.value


def test_the_first_request_starts_the_worker_once_and_tells_it_where_the_site_is(page):
    async def story():
        tasks = [asyncio.create_task(page.client.info()), asyncio.create_task(page.client.list_models())]
        await settled()
        assert page.transport.starts == 1 and page.transport.site == SITE
        assert [name for _, name, _ in page.transport.sent] == ["info", "list_models"]
        page.transport.answer("list_models", ["u2netp"])
        page.transport.answer("info", "ready")
        assert await asyncio.gather(*tasks) == ["ready", ["u2netp"]]

    run(story())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("undo", ()),
        ("go_to_step", (3,)),
        ("open_photo", ("file", {"backend": "auto"}, 2e6)),
        ("render_detail", (1, 2, 3, 4, 0.5)),
        ("find_alternative", ("isnet", "wasm")),
    ],
)
def test_a_method_sends_the_request_of_its_name_with_its_arguments(page, name, arguments):
    methods = {
        "undo": page.client.undo,
        "go_to_step": page.client.go_to_step,
        "open_photo": page.client.open_photo,
        "render_detail": page.client.render_detail,
        "find_alternative": page.client.find_alternative,
    }

    async def story():
        task = asyncio.create_task(methods[name](*arguments))
        await settled()
        assert [(sent, given) for _, sent, given in page.transport.sent] == [(name, arguments)]
        page.transport.answer(name, "done")
        assert await task == "done"

    run(story())


def test_a_download_without_a_model_is_every_download(page):
    async def story():
        tasks = [
            asyncio.create_task(call())
            for call in (page.client.pause_download, page.client.resume_download, page.client.cancel_download)
        ]
        await settled()
        assert [given for _, _, given in page.transport.sent] == [(None,)] * 3
        page.client.stop()
        for task in tasks:
            await refused(task)

    run(story())


def test_progress_reaches_the_listener_of_its_request_and_no_other(page):
    heard = []

    async def story():
        first = asyncio.create_task(page.client.remove("a", None, lambda *done: heard.append(("a", *done))))
        second = asyncio.create_task(page.client.remove("b", None, lambda *done: heard.append(("b", *done))))
        silent = asyncio.create_task(page.client.remove("c", None))
        await settled()
        ids = [number for number, _, _ in page.transport.sent]
        for number in reversed(ids):
            page.transport.receive(messages.PROGRESS, number, "model", 1, 2)
            page.transport.receive(messages.ANSWER, number, "done")
        page.transport.receive(messages.PROGRESS, ids[0], "model", 2, 2)  # after its answer: no one listens any more
        await asyncio.gather(first, second, silent)

    run(story())
    assert heard == [("b", "model", 1, 2), ("a", "model", 1, 2)]


def test_what_the_engine_refuses_keeps_its_name_and_the_worker_goes_on(page):
    async def story():
        task = asyncio.create_task(page.client.remove("file", None))
        other = asyncio.create_task(page.client.info())
        await settled()
        number = page.transport.id_of("remove")
        page.transport.receive(messages.ERROR, number, "NotAnImageError", "This is no image.", "", "", "")
        error = await refused(task)
        assert (error.name, error.message, error.details) == ("NotAnImageError", "This is no image.", "")
        page.transport.answer("info", "still here")
        assert await other == "still here" and page.transport.stops == 0

    run(story())


def test_an_unforeseen_error_is_tried_again_then_shows_one_line_and_logs_the_traceback(page, logged):
    details = "Traceback (most recent call last):\n  File x\nValueError: boom\n"

    def fail():
        number = [sent for sent, name, _ in page.transport.sent if name == "undo"][-1]
        page.transport.receive(messages.ERROR, number, "InternalError", "boom", details, "", "")

    async def story():
        task = asyncio.create_task(page.client.undo())
        other = asyncio.create_task(page.client.info())
        await settled()
        fail()
        await settled()
        assert (page.transport.starts, page.transport.stops) == (2, 1)
        page.transport.receive(messages.ANSWER, page.transport.sent[-1][0], "of the next worker")
        assert await other == "of the next worker"
        fail()
        error = await refused(task)
        assert error.name == "InternalError" and error.details == details
        assert error.message.endswith("(ValueError: boom)") and "Traceback" not in error.message

    run(story())
    assert any(details.strip() in entry[3] for entry in log.entries)
    logged += ["A request of the worker failed"] * 2


def test_a_worker_that_shows_no_sign_of_life_while_it_starts_is_given_up_but_not_while_bytes_arrive(page, monkeypatch):
    monkeypatch.setattr(timing, "start_timeout", 0.05)
    monkeypatch.setattr(timing, "start_check", 0.01)
    page.transport.never_starts = True

    async def story():
        task = asyncio.create_task(page.client.info())
        for _ in range(10):
            page.transport.bytes += 1000
            await asyncio.sleep(0.01)
        assert page.transport.starts == 1
        error = await refused(task)
        assert error.name == "EngineStartError" and "no sign of life" in error.message
        assert (page.transport.starts, page.transport.stops) == (2, 2)

    run(story())


def test_what_a_worker_was_requested_that_ends_by_itself_is_requested_of_the_next_one_and_then_refused(page):
    async def story():
        first, second = asyncio.create_task(page.client.undo()), asyncio.create_task(page.client.info())
        await settled()
        page.transport.receive(messages.ENDED, "EngineDiedError", "memory access out of bounds", "", "")
        await settled()
        assert (page.transport.starts, page.transport.stops) == (2, 1)
        assert [name for _, name, _ in page.transport.sent] == ["undo", "info"] * 2
        page.transport.receive(messages.ANSWER, page.transport.sent[-1][0], "ready")
        assert await second == "ready"
        page.transport.receive(messages.ENDED, "OutOfMemoryError", "Make the photo smaller.", "", "")
        error = await refused(first)
        assert (error.name, error.message) == ("OutOfMemoryError", "Make the photo smaller.")
        assert page.transport.stops == 2 and page.client.is_idle

    run(story())


def test_a_request_is_given_up_with_its_worker_and_the_others_are_sent_to_the_next_one(page):
    async def story():
        def listener(stage, done, total):
            pass

        mine, other = asyncio.create_task(page.client.undo(listener)), asyncio.create_task(page.client.info())
        await settled()
        page.client.cancel(listener)
        assert (await refused(mine)).name == "EngineStoppedError"
        await settled()
        assert (page.transport.stops, page.transport.starts) == (1, 2) and not page.client.has_ended
        page.transport.receive(messages.ANSWER, page.transport.sent[-1][0], "ready")
        assert await other == "ready"

    run(story())


def test_a_worker_that_ends_while_it_starts_is_started_once_more(page):
    page.transport.is_silent = True

    async def story():
        task = asyncio.create_task(page.client.info())
        await settled()
        page.transport.is_silent = False
        page.transport.receive(messages.ENDED, "EngineDiedError", "", "", "")
        await settled()
        page.transport.answer("info", "ready")
        assert await task == "ready" and page.transport.starts == 2

    run(story())


def test_an_argument_that_cannot_be_cloned_is_refused_and_the_worker_goes_on(page, logged):
    page.transport.uncloneable = options = object()

    async def story():
        error = await refused(asyncio.create_task(page.client.remove("file", options)))
        assert error.name == "InternalError" and "it could not be cloned" in error.message
        assert page.transport.stops == 0 and page.client.is_idle

    run(story())
    logged.append("A request of the worker failed")


def test_stopping_refuses_everything_that_waits_and_the_next_request_starts_another(page):
    async def story():
        waiting = [asyncio.create_task(page.client.undo()), asyncio.create_task(page.client.redo())]
        await settled()
        late = page.transport.id_of("undo")
        page.client.stop()
        assert [(await refused(task)).name for task in waiting] == ["EngineStoppedError"] * 2

        again = asyncio.create_task(page.client.undo())
        await settled()
        assert page.transport.starts == 2
        page.transport.receive(messages.ANSWER, late, "of the worker before")  # ids are never used twice
        page.transport.receive(
            messages.ERROR, late, "InternalError", "of the worker before", "of the worker before", "", ""
        )
        await settled()
        assert not again.done()
        page.transport.receive(messages.ANSWER, page.transport.sent[-1][0], "new")
        assert await again == "new"

    run(story())


def test_who_gives_up_stops_the_worker_only_where_it_has_nothing_else_to_do_and_nothing_is_lost(page):
    async def story():
        first, second = asyncio.create_task(page.client.undo()), asyncio.create_task(page.client.redo())
        await settled()
        page.client.give_up()
        assert page.transport.stops == 0
        page.transport.receive(messages.ANSWER, page.transport.id_of("redo"), "done")
        await second
        page.may_stop = False
        page.client.give_up()
        assert page.transport.stops == 0
        page.may_stop = True
        page.client.give_up()
        assert page.transport.stops == 1 and (await refused(first)).name == "EngineStoppedError"

    run(story())


def test_a_trial_that_has_ended_the_worker_is_not_asked_for_again(page):
    async def story():
        trial = asyncio.create_task(page.client.try_network("file", "{}", "photo"))
        await settled()
        page.transport.receive(messages.ENDED, "OutOfMemoryError", "Too much.", "", "")
        assert (await refused(trial)).name == "OutOfMemoryError"
        assert [name for _, name, _ in page.transport.sent] == ["try_network"]

    run(story())


def test_stopping_while_the_worker_starts_refuses_whoever_waits_for_it(page):
    page.transport.is_silent = True

    async def story():
        waiting = [asyncio.create_task(page.client.start()), asyncio.create_task(page.client.info())]
        await settled()
        page.client.stop()
        assert [(await refused(task)).name for task in waiting] == ["EngineStoppedError"] * 2
        page.transport.is_silent = False
        await page.client.start()
        assert page.transport.starts == 2

    run(story())


def test_a_worker_that_does_not_start_is_tried_again_by_the_next_request(page, logged):
    page.transport.failure = ValueError("PythonError", "Traceback\n  File x\nImportError: no numpy")

    async def story():
        error = await refused(asyncio.create_task(page.client.info()))
        assert error.name == "EngineStartError" and "(ImportError: no numpy)" in error.message
        assert "Traceback" in error.details and page.transport.stops == 1
        page.transport.failure = ValueError("TypeError", "Failed to fetch dynamically imported module")
        page.transport.fault = "worker/interpreter.mjs is missing."
        error = await refused(asyncio.create_task(page.client.info()))
        assert (error.name, error.message) == ("SiteFileError", "worker/interpreter.mjs is missing.")
        task = asyncio.create_task(page.client.info())
        await settled()
        page.transport.answer("info", "ready")
        assert await task == "ready" and page.transport.starts == 3

    run(story())
    logged += ["The worker did not start"] * 2


def test_an_engine_that_refuses_to_start_says_why_and_is_tried_again(page):
    page.transport.is_silent = True

    async def story():
        task = asyncio.create_task(page.client.start())
        await settled()
        page.transport.receive(messages.ERROR, 1, "ModelDownloadError", "Check the connection.", "", "", "")
        error = await refused(task)
        assert (error.name, error.message) == ("ModelDownloadError", "Check the connection.")
        assert page.transport.stops == 1

    run(story())


def test_what_the_policy_blocks_in_the_worker_is_passed_on(page):
    async def story():
        await page.client.start()
        page.transport.receive(messages.BLOCKED, "connect-src", "https://elsewhere.example")

    run(story())
    assert page.blocked == [("connect-src", "https://elsewhere.example")]


def test_what_the_worker_wants_of_recipes_is_passed_on_and_their_worker_ends_with_it(page):
    needed, progressed = heard(page.client.recipes_needed), heard(page.client.recipe_progressed)

    async def story():
        await page.client.start()
        page.transport.receive(messages.RECIPES, True)
        page.transport.receive(messages.RECIPE_PROGRESS, 0.5)
        page.client.stop()

    run(story())
    assert needed == [(True,), (False,)] and progressed == [(0.5,)]


def test_the_client_is_idle_once_everything_is_answered(page):
    async def story():
        assert page.client.is_idle
        tasks = [asyncio.create_task(page.client.undo()), asyncio.create_task(page.client.info())]
        await settled()
        page.transport.answer("undo", "done")
        await settled()
        assert not page.client.is_idle
        page.transport.answer("info", "done")
        await asyncio.gather(*tasks)
        assert page.client.is_idle

    run(story())


async def until(condition):
    """Wait until a condition holds, for at most five seconds: machines that run tests are slow."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never held")


def test_an_idle_worker_is_stopped_after_the_timeout_and_not_while_it_works(page):
    page.client.idle_timeout = 0.02

    async def story():
        task = asyncio.create_task(page.client.info())
        await asyncio.sleep(0.1)
        assert page.transport.stops == 0 and page.asked == 0  # it has not answered yet
        page.transport.answer("info", "ready")
        await task
        await until(lambda: page.transport.stops == 1)
        assert page.asked == 1
        await asyncio.sleep(0.1)
        assert page.asked == 1  # there is nothing left to stop

    run(story())


def test_a_worker_that_would_lose_work_is_asked_about_again(page, monkeypatch):
    monkeypatch.setattr(timing, "idle_retry", 0.02)
    page.client.idle_timeout = 0.01
    page.may_stop = False

    async def story():
        await page.client.start()
        await until(lambda: page.asked > 1)
        assert page.transport.stops == 0
        page.may_stop = True
        await until(lambda: page.transport.stops == 1)

    run(story())


def test_the_timeout_can_be_changed_while_the_worker_is_idle_and_zero_is_never(page):
    async def story():
        await page.client.start()
        page.client.idle_timeout = 0
        await asyncio.sleep(0.05)
        assert page.transport.stops == 0
        page.client.idle_timeout = 0.01
        await until(lambda: page.transport.stops == 1)

    run(story())
