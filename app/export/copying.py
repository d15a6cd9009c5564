"""Copying the picture, to paste it elsewhere."""

from core.i18n import t
from core.log import log
from core.tasks import spawn


class Copying:
    """Puts the picture on the clipboard as it would be saved, as PNG: browsers take no other type there."""

    def __init__(self, saving, notice, clipboard):
        """
        Args:
            saving: the `Saving`, which makes the file.
            notice: the `Notice`.
            clipboard: `takes_pictures`; `write(make)` starts to write what `make(on_success, on_error)` makes, and
                returns a coroutine of whether it has.
        """
        self._saving, self._notice, self._clipboard = saving, notice, clipboard

    def copy(self):
        """Copy the picture. Call it while a key or a click is handled: browsers allow it only then."""
        if not self._clipboard.takes_pictures:
            self._notice.error(t("copy.missing"))
            return
        self._is_refused = False
        spawn(self._tell(self._clipboard.write(self._make)))

    def _make(self, on_success, on_error):
        def refused():
            self._is_refused = True  # the notice says why already
            on_error()

        self._saving.make_file(lambda file: on_success(file.blob), refused, format="png")

    async def _tell(self, writing):
        error = await writing
        if error is None:
            self._notice.toast(t("said.copied"))
        elif not self._is_refused:
            log.warning("The picture was not copied", cause=error)
            self._notice.error(t("copy.refused"))
