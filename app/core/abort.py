"""Waiting for something that may be aborted meanwhile by an `AbortSignal`."""

from core.future import Future
from core.tasks import spawn


async def unless_aborted(coroutine, signal, listen, on_abort):
    """Return what `coroutine` returns, or raise what it raises.

    Args:
        coroutine: what is waited for. Nothing can end it: where it is aborted, what comes of it is ignored.
        signal: an `AbortSignal`, or None.
        listen: `listen(signal, function)` has the function called when the signal is aborted, and returns a function
            that ends this.
        on_abort: called when it is aborted; returns the exception to raise.
    """
    if signal is None:
        return await coroutine
    future = Future()

    def abort(event=None):
        if not future.is_done:
            future.set_error(on_abort())

    async def run():
        try:
            future.set_result(await coroutine)
        except Exception as error:  # the caller gets it
            future.set_error(error)

    ignore = listen(signal, abort)
    if signal.aborted:
        abort()
    spawn(run())
    try:
        return await future.wait()
    finally:
        ignore()
