"""The few ways in which the page touches the document and JavaScript.

MicroPython can catch the rejection of a promise that it awaits, as `JsException`. It cannot catch what JavaScript
raises in the middle of a call: that ends the running Python function at once. What may raise goes through `attempt`.
"""

import asyncio

import js
from jsffi import JsException  # noqa: F401 (for the modules that import it from here)
from pyscript.ffi import create_proxy

from core.tasks import spawn

document = js.document

# MicroPython may collect garbage after a function returns and before JavaScript takes the result, and would then pass
# `undefined`. So promises are held here until they are settled.
_pending: list = []


def by_id(name):
    """Return the element with that id."""
    return document.getElementById(name)


def element(tag, text="", *children, **attributes):
    """Make an element with that text or these children; `class_` stands for the attribute of that name."""
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


def close_like_a_menu(details):
    """Close a `<details>` by Escape, which then closes nothing else, and by a press outside of it."""

    def on_press(event):
        if details.open and not details.contains(event.target):
            details.open = False

    def on_key(event):
        if event.key == "Escape" and details.open:
            event.stopPropagation()
            details.open = False
            details.firstElementChild.focus()

    on(document, "pointerdown", on_press)
    on(details, "keydown", on_key)


def promise(coroutine, as_error):
    """Return a JavaScript promise of what `coroutine` returns; `as_error` makes an exception a JavaScript error."""

    def executor(resolve, reject):
        async def run():
            try:
                resolve(await coroutine)
            except Exception as error:  # whatever it is, whoever awaits the promise gets it
                reject(as_error(error))
            _pending.remove(result)

        spawn(run())

    result = js.Promise.new(create_proxy(executor))
    _pending.append(result)
    return result


def object_of(**entries):
    """Make a plain JavaScript object."""
    result = js.Object.new()
    for name, value in entries.items():
        setattr(result, name, value)
    return result


def attempt(owner, name, *arguments):
    """Return a promise of `owner.name(*arguments)`, rejected where that raises."""
    return js.Promise.resolve(None).then(getattr(owner, name).bind(owner, *arguments))


async def drawn():
    """Wait until the browser has drawn what was changed, or has not for a tenth of a second, as out of sight.

    `asyncio.sleep(0)` lets other tasks run, but not the browser.
    """
    is_drawn = asyncio.Event()
    done = create_proxy(is_drawn.set)
    js.requestAnimationFrame(create_proxy(lambda time: js.setTimeout(done, 0)))
    js.setTimeout(done, 100)
    await is_drawn.wait()


def mark_idle(is_idle):
    """Show on the body whether requests about the photo are running or waiting: `data-idle` is `yes` or `no`."""
    document.body.dataset.idle = "yes" if is_idle else "no"
