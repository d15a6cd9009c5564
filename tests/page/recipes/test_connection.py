"""The worker of recipes is started when the engine needs it, and ended when it must."""

from core.signals import Signal
from recipes.connection import connect_recipes

from tests.page.fakes import asynchronous, settle


class Worker:
    def __init__(self) -> None:
        self.recipes_needed = Signal()
        self.ports: list[str] = []

    def connect_recipes(self, port) -> None:
        self.ports.append(port)


class Sandbox:
    def __init__(self, *, fails: bool = False) -> None:
        self.fails, self.starts, self.stops = fails, 0, 0

    async def start(self) -> str:
        self.starts += 1
        if self.fails:
            raise OSError("no network")
        return f"port {self.starts}"

    def stop(self) -> None:
        self.stops += 1


@asynchronous
async def test_each_start_hands_the_engine_a_port():
    worker, sandbox = Worker(), Sandbox()
    connect_recipes(worker, sandbox)
    assert sandbox.starts == 0
    worker.recipes_needed.emit(True)
    await settle()
    worker.recipes_needed.emit(False)
    worker.recipes_needed.emit(True)
    await settle()
    assert worker.ports == ["port 1", "port 2"] and sandbox.stops == 1


@asynchronous
async def test_a_start_that_fails_leaves_nothing_behind(logged):
    logged.append("The worker of recipes could not be started")
    worker, sandbox = Worker(), Sandbox(fails=True)
    connect_recipes(worker, sandbox)
    worker.recipes_needed.emit(True)
    await settle()
    assert worker.ports == [] and sandbox.stops == 1
