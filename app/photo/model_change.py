"""What happens when a person chooses another network or backend."""

from photo.pickers import AUTOMATIC


class ModelChange:
    """Applies the choice of another network or backend to the open photo.

    A photo without work is cut out again. Work stays: another network is one more step, another backend is used from
    now on.
    """

    def __init__(self, flow, editor, upgrade, engine_start, models, backends) -> None:
        """
        Args:
            flow: the `PhotoFlow`.
            editor: an object with `has_work()` and `use_model(model, backend)`.
            upgrade: the `AutoUpgrade`.
            engine_start: the `EngineStart`.
            models: the `ModelPicker`.
            backends: the `BackendPicker`.
        """
        self._flow, self._editor, self._upgrade, self._engine_start = flow, editor, upgrade, engine_start
        self._models, self._backends = models, backends
        models.changed.connect(self._on_model)
        backends.changed.connect(self._on_backend)

    def _on_model(self) -> None:
        self._upgrade.abandon()
        if not self._has_work():
            self._begin_again()
        elif self._models.selected != AUTOMATIC:
            self._editor.use_model(self._models.selected, self._backends.selected)

    def _on_backend(self) -> None:
        self._upgrade.abandon()
        if self._has_work():
            self._engine_start.begin()
        else:
            self._begin_again()

    def _has_work(self):
        return self._flow.current is not None and self._flow.coming is None and self._editor.has_work()

    def _begin_again(self) -> None:
        """Cut out the photo on its way or on the page again; without one, have the engine ready as is chosen now."""
        file = self._flow.coming or self._flow.current
        if file:
            self._flow.choose(file)
        else:
            self._engine_start.begin()
