"""The device's clipboard, as far as pictures go there."""

import js
from core.dom import JsException, object_of
from pyscript.ffi import create_proxy, to_js


class Clipboard:
    """What `Copying` needs of the browser."""

    @property
    def takes_pictures(self):
        """Whether there is one: not on plain http, and not in old browsers."""
        clipboard = getattr(js.navigator, "clipboard", None)
        return bool(clipboard and getattr(clipboard, "write", None) and getattr(js.window, "ClipboardItem", None))

    def write(self, make):
        """Start to write the PNG that `make(on_success, on_error)` makes. Returns a coroutine of the error, or None.

        The item is there at once, with a promise of the file: Safari writes nothing once the click is over.
        """

        def executor(resolve, reject):
            make(resolve, lambda: reject(js.Error.new("There is no picture.")))

        blob = js.Promise.new(create_proxy(executor))
        item = object_of()
        js.Reflect.set(item, "image/png", blob)
        writing = js.navigator.clipboard.write(to_js([js.ClipboardItem.new(item)]))
        return _outcome(writing)


async def _outcome(writing):
    try:
        await writing
    except JsException as error:
        return error
    return None
