"""Background tasks. Each starts here, so that none fails unnoticed."""

import asyncio

from core.log import log

_running: list = []  # asyncio itself holds no reference to a task that waits for something


def spawn(coroutine):
    """Run a coroutine in the background and return its task. What it raises is logged; the task then returns None."""
    task = asyncio.create_task(_run(coroutine))
    _running.append(task)
    return task


async def _run(coroutine):
    try:
        return await coroutine
    except Exception as error:  # whatever it is, this is the last place that can note it
        log.error("A background task failed", cause=error)
    finally:
        task = asyncio.current_task()
        if task in _running:
            _running.remove(task)
