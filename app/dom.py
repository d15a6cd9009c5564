"""The few ways in which the page touches the document."""

import asyncio

import js
from pyscript.ffi import create_proxy

document = js.document


def by_id(name):
    """The element with that id."""
    return document.getElementById(name)


def on(target, event, handler):
    """Call `handler(event)` at each `event` of `target`."""
    target.addEventListener(event, create_proxy(handler))


def promise(coroutine, as_error):
    """A JavaScript promise of what `coroutine` returns; `as_error` makes the JavaScript error of an exception."""

    def executor(resolve, reject):
        async def run():
            try:
                resolve(await coroutine)
            except Exception as error:
                reject(as_error(error))

        asyncio.create_task(run())

    return js.Promise.new(create_proxy(executor))


def object_of(**entries):
    """A plain JavaScript object."""
    result = js.Object.new()
    for name, value in entries.items():
        setattr(result, name, value)
    return result
