"""The question before a photo that is too large for the device's memory is made smaller. It names both sizes."""

import math

from core.i18n import t


class Reduction:
    """Asks until a person has agreed once in a visit. For later photos it only shows a notice."""

    def __init__(self, ask, notice) -> None:
        """
        Args:
            ask: coroutine function of a title, a text, and the labels of both buttons. It returns whether the first is
                pressed.
            notice: the `Notice`.
        """
        self._ask, self._notice = ask, notice
        self._is_agreed = False

    async def may(self, plan) -> bool:
        """Return whether a photo may be made smaller; `plan` is the worker's (`offcut.memory_budget.Plan`)."""
        numbers = {
            # Rounded so that what is too much is never shown as the same number as what it is too much for.
            "megapixels": str(math.ceil(plan.width * plan.height / 1e6)),
            "limit": str(math.floor(plan.pixels / 1e6)),
            "width": str(plan.width),
            "height": str(plan.height),
            "new_width": str(plan.opened_width),
            "new_height": str(plan.opened_height),
        }
        if self._is_agreed:
            self._notice.info(t("reduce.told", **numbers))
        else:
            text = t("reduce.text", **numbers)
            self._is_agreed = await self._ask(t("reduce.title"), text, t("reduce.yes"), t("reduce.no"))
        return self._is_agreed
