"""The few ways in which the page touches the document."""

import asyncio

import js
from pyscript.ffi import create_proxy

document = js.document

# MicroPython may collect garbage between a function's return and JavaScript's taking the result, and would then hand over
# `undefined`. So promises are held here until they are settled.
_held = []


def by_id(name):
    """The element with that id."""
    return document.getElementById(name)


def element(tag, text="", *children, **attributes):
    """A new element with that text or these children; `class_` stands for the attribute of that name."""
    made = document.createElement(tag)
    if text:
        made.textContent = text
    for child in children:
        made.append(child)
    for name, value in attributes.items():
        made.setAttribute(name.rstrip("_").replace("_", "-"), value)
    return made


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
            _held.remove(result)

        asyncio.create_task(run())

    result = js.Promise.new(create_proxy(executor))
    _held.append(result)
    return result


def object_of(**entries):
    """A plain JavaScript object."""
    result = js.Object.new()
    for name, value in entries.items():
        setattr(result, name, value)
    return result
