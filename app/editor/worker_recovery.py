"""Where the worker was ended with the photo in it: the photo opened there once more, as it was, while the person goes on."""


class WorkerRecovery:
    """Knows what it takes to have the photo again. `settings()` gives the settings that hold now."""

    def __init__(self, engine, viewer, steps, settings):
        self._engine, self._viewer, self._steps, self._settings = engine, viewer, steps, settings
        self._name, self._again = "", None

    def follow(self, name, again):
        """A photo is open. `again()` opens the very same one once more; None for work that was brought back, which had
        steps that the photo alone does not have."""
        self._name, self._again = name, again

    async def recover(self):
        """Have the worker open the photo. Whether it has."""
        layers, settings = self._viewer.layers, self._settings()
        if self._again and not self._steps.known and settings["background"]["kind"] != "image":
            layers.open(await self._again())
            answer = await self._engine.finish_photo()
            layers.finish(answer)
        else:
            answer = await self._engine.restore_work(self._viewer.pixels)
            if (answer.width, answer.height, answer.name) != (layers.width, layers.height, self._name):
                return False  # another tab has kept its own work since
            layers.open(answer)
        await self._engine.set_settings(settings, False)
        self._steps.know(answer.history)
        self._viewer.calm_later()
        return True
