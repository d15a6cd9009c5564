"""Whether finer networks may be downloaded by themselves: a person is asked once, and the answer is remembered."""

from core.i18n import t
from core.signals import Signal
from core.units import size

_NAME, _YES, _NO = "finer", "yes", "no"  # of the preference, and its values


class Consent:
    """The remembered answer, and the question. It is shown as a card next to the photo, or above the photos of a batch:
    nothing waits for the answer."""

    def __init__(self, preferences, models) -> None:
        """
        Args:
            preferences: the `Preferences`.
            models: the `ModelPicker`, which knows their terms.
        """
        self._preferences, self._models = preferences, models
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
