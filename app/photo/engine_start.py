"""Starting the engine with its model, while the person is still choosing a photo."""

from core.errors import internal_error
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError


class EngineStart:
    """Starts the engine as often as asked, with the network and backend that are chosen then."""

    def __init__(self, worker, choice) -> None:
        """`worker` is the `WorkerClient`; `await choice()` returns the network and the backend to use."""
        self._worker, self._choice = worker, choice
        self.starting = Signal()
        self.running = Signal()
        """Emitted when the worker runs; the model is loaded next."""

        self.progress = Signal()
        """Emitted with (stage, done, total)."""

        self.ready = Signal()
        """Emitted with the engine's `info`."""

        self.stopped = Signal()
        """Emitted when the worker was stopped before it was ready, which is not a failure."""

        self.failed = Signal()
        """Emitted with the error."""

    def begin(self) -> None:
        """Start in the background."""
        spawn(self.run())

    async def run(self) -> None:
        """Start the worker and load the model that the first photo needs."""
        self.starting.emit()
        try:
            await self._worker.start()
            self.running.emit()
            model, backend = await self._choice()
            info = await self._worker.load_model(model, backend, on_progress=self.progress.emit)
        except EngineError as error:
            if error.name == "EngineStoppedError":
                self.stopped.emit()  # by `offcut.release`, or after an error that was shown
            else:
                self.failed.emit(error)
            return
        except Exception as error:  # whatever it is, the page must not wait forever
            log.error("The engine could not be started", cause=error)
            self.failed.emit(internal_error(error))
            return
        self.ready.emit(info)
