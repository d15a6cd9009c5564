"""Waiting for something that may be aborted meanwhile by an `AbortSignal`."""

import asyncio

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
    outcome, is_settled = [], asyncio.Event()

    def settle(value, error):
        if not outcome:
            outcome.append((value, error))
            is_settled.set()

    async def run():
        try:
            settle(await coroutine, None)
        except Exception as error:  # whatever it is, whoever waits gets it
            settle(None, error)

    ignore = listen(signal, lambda event: None if outcome else settle(None, on_abort()))
    if signal.aborted:
        settle(None, on_abort())
    spawn(run())
    await is_settled.wait()
    ignore()
    value, error = outcome[0]
    if error:
        raise error
    return value
