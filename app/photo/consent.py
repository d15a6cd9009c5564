"""Whether finer networks may be downloaded by themselves: a person is asked once, and the answer is remembered."""

from core.i18n import t
from core.signals import Signal
from core.units import size

_NAME, _YES, _NO = "finer", "yes", "no"  # of the preference, and its values


class Consent:
    """The remembered answer, and the question as a dialog. `AutoUpgrade` shows it as a card next to the photo."""

    def __init__(self, preferences, ask, models) -> None:
        """
        Args:
            preferences: the `Preferences`.
            ask: coroutine function that shows a question with a title, a text and a button, and returns whether that is
                pressed.
            models: the `ModelPicker`, which knows their terms.
        """
        self._preferences, self._ask, self._models = preferences, ask, models
        self.given = Signal()
        """Emitted when a person has answered."""

    @property
    def answer(self) -> bool | None:
        """Whether finer networks may be downloaded by themselves, None before the first answer."""
        return {_YES: True, _NO: False}.get(self._preferences.get(_NAME) or "")

    def give(self, is_given: bool) -> None:
        """Remember a person's answer."""
        self._preferences.set(_NAME, _YES if is_given else _NO)
        self.given.emit()

    def question(self, id: str, bytes: float) -> str:
        """Return what is to be said of a network of so many bytes before it is downloaded."""
        text = t("offer.text", size=size(bytes))
        return text + " " + t("offer.unclear") if self._models.is_unclear(id) else text

    async def may_download(self, id: str, bytes: float) -> bool:
        """Return the answer for a network of so many bytes; where there is none yet, ask."""
        if self.answer is None:
            self.give(await self._ask(t("offer.title"), self.question(id, bytes), t("offer.yes")))
        return bool(self.answer)
