"""Waiting for something that may be aborted meanwhile."""

import asyncio
from types import SimpleNamespace

import pytest
from core.abort import unless_aborted
from core.tasks import spawn

from tests.page.fakes import asynchronous, settle


class Signal:
    def __init__(self):
        self.aborted, self.listeners = False, []

    def abort(self):
        self.aborted = True
        for listener in list(self.listeners):
            listener(None)


def listen(signal, function):
    signal.listeners.append(function)
    return lambda: signal.listeners.remove(function)


def begin(signal, coroutine):
    call = SimpleNamespace(error=None, value=None, aborts=0)

    def on_abort():
        call.aborts += 1
        return ValueError("aborted")

    async def run():
        try:
            call.value = await unless_aborted(coroutine, signal, listen, on_abort)
        except Exception as error:
            call.error = error

    spawn(run())
    return call


async def after(event, value):
    await event.wait()
    if isinstance(value, Exception):
        raise value
    return value


@asynchronous
async def test_aborting_ends_the_waiting_at_once_and_what_comes_later_is_ignored():
    signal, event = Signal(), asyncio.Event()
    call = begin(signal, after(event, 5))
    await settle()
    signal.abort()
    await settle()
    assert str(call.error) == "aborted" and call.aborts == 1 and signal.listeners == []
    event.set()
    await settle()
    assert call.value is None


@pytest.mark.parametrize("value", [5, RuntimeError("broken")])
@asynchronous
async def test_without_it_there_is_the_value_or_the_error_and_nobody_listens_any_more(value):
    signal, event = Signal(), asyncio.Event()
    call = begin(signal, after(event, value))
    event.set()
    await settle()
    signal.abort()
    assert (call.error or call.value) is value and call.aborts == 0 and signal.listeners == []


@asynchronous
async def test_what_is_aborted_before_is_not_waited_for():
    signal = Signal()
    signal.aborted = True
    call = begin(signal, after(asyncio.Event(), 5))
    await settle()
    assert str(call.error) == "aborted" and call.aborts == 1
