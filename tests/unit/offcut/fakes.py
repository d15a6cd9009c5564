"""A catalogue of small networks and a stand-in for the runtime, which notes what is asked of it."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy

from offcut.models.catalogue import Catalogue, Model, read_catalogue
from offcut.pipeline import Decoder, Engine

PIECES = (b"first piece", b"second")


def catalogue_data() -> dict[str, Any]:
    """What `models/catalogue.json` holds: two networks of 8 × 4 pixels."""

    def entry(title: str) -> dict[str, Any]:
        return {
            "title": title,
            "tier": "fast",
            "licence": {"code": "MIT", "weights": "Apache-2.0", "training_data": "none"},
            "input": {"name": "image", "size": [8, 4], "layout": "NCHW"},
            "resize": {"rule": "squash", "kernel": "bilinear"},
            "normalisation": {"scale": "255", "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.125]},
            "output": {"name": "alpha", "alpha": "identity"},
            "bytes": sum(map(len, PIECES)),
            "sha256": hashlib.sha256(b"".join(PIECES)).hexdigest(),
            "chunks": [{"sha256": hashlib.sha256(piece).hexdigest(), "bytes": len(piece)} for piece in PIECES],
        }

    return {"format": 1, "default": "one", "models": {"one": entry("Number One"), "two": entry("Number Two")}}


def catalogue() -> Catalogue:
    return read_catalogue(catalogue_data())


def model(**changes) -> Model:
    return dataclasses.replace(catalogue().model(), **changes)


class FakeSession:
    """Answers with a map made from the tensor, and tells `events` of each call."""

    backend = "fake"
    threads = 3

    def __init__(self, model: Model, events: list[str], answer: Callable[[numpy.ndarray], numpy.ndarray]) -> None:
        self.model = model
        self.events = events
        self.answer = answer
        self.notices: tuple[str, ...] = ()
        self.released = False

    async def run(self, tensor: numpy.ndarray) -> numpy.ndarray:
        assert not self.released, "run after release"
        self.events.append(f"run {self.model.id}")
        for _ in range(20):
            await asyncio.sleep(0)
        answer = self.answer(tensor)
        self.events.append(f"ran {self.model.id}")
        return answer

    async def release(self) -> None:
        assert not self.released, "released twice"
        self.released = True
        self.events.append(f"release {self.model.id}")


def left_half(tensor: numpy.ndarray) -> numpy.ndarray:
    """The subject fills the left half."""
    answer = numpy.zeros((1, 1, *tensor.shape[2:]), numpy.float32)
    answer[..., : tensor.shape[3] // 2] = 1
    return answer


def everything(tensor: numpy.ndarray) -> numpy.ndarray:
    return numpy.ones((1, 1, *tensor.shape[2:]), numpy.float32)


class Bench:
    """An engine on fake sessions, with everything that happened."""

    def __init__(
        self,
        answer: Callable = left_half,
        models: Catalogue | None = None,
        decoder: Decoder | None = None,
        **options: Any,
    ) -> None:
        self.events: list[str] = []
        self.answer = answer
        self.opening: Callable[[Model], None] = lambda model: None
        self.backends: list[str] = []
        self.notices: tuple[str, ...] = ()
        """What its sessions have to say."""
        self.engine = Engine(models or catalogue(), self._open, decoder, **options)

    async def reach(self, event: str, task: asyncio.Task) -> None:
        """Let `task` work until that has happened. If it ends before, its error says why."""
        while event not in self.events:
            if task.done():
                raise task.exception() or AssertionError(f"{event!r} never happened")
            await asyncio.sleep(0)

    async def _open(self, model: Model, backend: str, progress: Callable[[str, int, int], None]) -> FakeSession:
        self.events.append(f"open {model.id}")
        await asyncio.sleep(0)
        self.opening(model)
        self.backends.append(backend)
        progress("model", model.bytes, model.bytes)
        # By name at each call: a test may set `answer` while the session is open.
        session = FakeSession(model, self.events, lambda tensor: self.answer(tensor))  # noqa: PLW0108
        session.notices = self.notices
        return session


def elsewhere(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function on a thread of its own: browser tests may keep an event loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def run(coroutine: Coroutine) -> Any:
    """Run a coroutine to its end."""
    return elsewhere(asyncio.run, coroutine)
