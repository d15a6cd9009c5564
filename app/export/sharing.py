"""Handing the finished picture to the system's share sheet."""

from core.i18n import t
from core.tasks import spawn

SHARED, CANCELLED, LATE, FAILED = "shared", "cancelled", "late", "failed"
"""How sharing ended. LATE: browsers show the sheet only soon after a click, and the file took longer to make."""


class Sharing:
    """Shares what `Saving` makes."""

    def __init__(self, saving, notice, share):
        """
        Args:
            saving: the `Saving`.
            notice: the `Notice`.
            share: coroutine function of a `PictureFile` that returns one of the outcomes above.
        """
        self._saving, self._notice, self._share = saving, notice, share

    def begin(self):
        """Share the picture as it would be saved now."""
        self._saving.make_file(self.share)

    def share(self, file):
        """Share a `PictureFile` that was just made."""
        spawn(self._hand_over(file))

    async def _hand_over(self, file):
        outcome = await self._share(file)
        if outcome == SHARED:
            self._notice.toast(t("share.done", name=file.name))
        elif outcome == LATE:
            self._notice.toast(t("share.ready", name=file.name), (t("share.button"), lambda: self.share(file)))
        elif outcome == FAILED:
            self._notice.error(t("share.failed"))
