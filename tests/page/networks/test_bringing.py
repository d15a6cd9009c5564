"""A network on its way: read, tried, kept, or refused."""

import asyncio
import json
from types import SimpleNamespace

from core.worker_client import EngineError
from networks.bringing import READY, REFUSED, TRYING, NetworkBringing

from tests.page.fakes import FakeNotice
from tests.page.networks.test_form import PLAIN

FACTS = {"family": "u2net", "descriptions": {"u2net": PLAIN}, "width": 320, "height": 320, "outputs": [["a", 1]]}


class Worker:
    """Answers, or raises what a test puts there."""

    def __init__(self):
        self.asked, self.errors, self.stopped, self.listeners = [], {}, [], []
        self.facts = FACTS

    async def _answer(self, name, *arguments, **values):
        self.asked.append((name, *arguments))
        await asyncio.sleep(0)
        if name in self.errors:
            raise self.errors[name]
        return SimpleNamespace(**values)

    async def read_network(self, file, on_progress):
        self.listeners.append(on_progress)
        return await self._answer("read", file, facts=json.dumps(self.facts))

    async def try_network(self, file, description, photo, on_progress):
        self.listeners.append(on_progress)
        return await self._answer("try", file, json.loads(description), photo, blob="picture")

    async def keep_network(self, file, description):
        return await self._answer("keep", file, json.loads(description), id="own-1")

    def cancel(self, on_progress):
        assert on_progress is not None
        self.stopped.append(on_progress)


class Models:
    def __init__(self):
        self.done = []

    async def reload(self):
        self.done.append("reload")

    def choose(self, name):
        self.done.append(name)


async def settled():
    for _ in range(8):
        await asyncio.sleep(0)


async def settled_once():
    """Let a request begin."""
    await asyncio.sleep(0)


def bringing():
    worker, models, notice = Worker(), Models(), FakeNotice()

    async def photo():
        return "photo"

    return NetworkBringing(worker, models, photo, notice), worker, models


def test_a_network_is_read_tried_and_kept():
    async def run():
        made, worker, models = bringing()
        finished = []
        made.finished.connect(lambda: finished.append(True))
        made.open("file")
        await settled()
        assert made.state == READY and made.form.description == PLAIN
        made.edit(lambda form: form.description.update(title="Better"))
        made.try_it()
        assert made.state == TRYING
        await settled()
        assert made.state == READY and made.result.blob == "picture"
        made.keep()
        await settled()
        assert [each[0] for each in worker.asked] == ["read", "try", "keep"]
        assert worker.asked[2][2]["title"] == "Better" and worker.asked[1][3] == "photo"
        assert models.done == ["reload", "own-1"] and finished == [True] and made.state == ""

    asyncio.run(run())


def test_a_refusal_is_said_and_harms_nothing():
    async def run():
        made, worker, models = bringing()
        worker.errors["read"] = EngineError("NetworkError", "It loops.", "", "operator", "Loop")
        made.open("file")
        await settled()
        assert (made.state, made.error_text, made.form) == (REFUSED, "It loops.", None)
        made.keep()
        made.try_it()
        await settled()
        assert len(worker.asked) == 1 and models.done == [] and worker.stopped == []

    asyncio.run(run())


def test_a_trial_that_fails_is_said_and_can_be_repeated():
    async def run():
        made, worker, _ = bringing()
        worker.errors["try"] = EngineError("OutOfMemoryError", "Too much.")
        made.open("file")
        await settled()
        made.try_it()
        await settled()
        assert (made.state, made.error_text, made.result) == (READY, "Too much.", None)

    asyncio.run(run())


def test_closing_gives_a_trial_up_and_its_answer_is_ignored():
    async def run():
        made, worker, _ = bringing()
        made.open("file")
        await settled()
        made.try_it()
        await settled_once()
        made.close()
        assert worker.stopped == worker.listeners[-1:]
        await settled()
        assert made.state == "" and made.result is None

    asyncio.run(run())


def test_a_change_makes_the_last_trial_no_news():
    async def run():
        made, _, _ = bringing()
        made.open("file")
        await settled()
        made.try_it()
        await settled()
        made.edit(lambda form: form.description.update(alpha="identity"))
        assert made.result is None

    asyncio.run(run())


def test_a_kept_network_begins_with_its_own_description():
    async def run():
        made, worker, models = bringing()
        worker.facts = FACTS | {"kept": PLAIN | {"title": "Kept", "alpha": "sigmoid"}}
        made.open("own-1")
        await settled()
        assert made.is_kept and made.form.description["alpha"] == "sigmoid"
        made.edit(lambda form: form.description.update(title="Renamed"))
        made.keep()
        await settled()
        assert [each[:2] for each in worker.asked] == [("read", "own-1"), ("keep", "own-1")]
        assert worker.asked[1][2]["title"] == "Renamed" and models.done == ["reload", "own-1"]

    asyncio.run(run())
