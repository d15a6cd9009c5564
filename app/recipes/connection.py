"""Starts the worker of recipes when the engine needs it, and connects the two."""

from core.log import log
from core.tasks import spawn


def connect_recipes(worker, sandbox):
    """Do what `worker.recipes_needed` asks for.

    Args:
        worker: the `WorkerClient`.
        sandbox: a `recipes.sandbox.Sandbox`, or what a test has in its place.
    """

    async def start():
        try:
            worker.connect_recipes(await sandbox.start())
        except Exception as error:  # such as a file that does not arrive; the engine says so after its timeout
            log.error("The worker of recipes could not be started", cause=error)
            sandbox.stop()

    def on_needed(is_needed):
        if is_needed:
            spawn(start())
        else:
            sandbox.stop()

    worker.recipes_needed.connect(on_needed)
