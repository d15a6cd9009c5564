"""Bytes and seconds as people read them."""

from core.i18n import t

_KILO, _MEGA, _GIGA = 1_000, 1_000_000, 1_000_000_000


def size(count: float) -> str:
    """Return a number of bytes as text, in a suitable unit."""
    if count >= _GIGA:
        return t("size.giga", count=f"{count / _GIGA:.1f}")
    if count >= _MEGA // 10:
        return t("size.mega", count=f"{count / _MEGA:.1f}")
    return t("size.kilo", count=f"{count / _KILO:.1f}" if count else "0")


def amount(done: float, total: float) -> str:
    """Return as text how many bytes have arrived, of how many."""
    return t("download.bytes", done=f"{done / _MEGA:.1f}", total=f"{total / _MEGA:.1f}")


class Rate:
    """How fast bytes arrive, over the last seconds, and how long the rest will take."""

    _WINDOW = 4.0

    def __init__(self, clock) -> None:
        """`clock()` returns seconds."""
        self._clock = clock
        self._seen: list[tuple[float, float]] = []  # (when, how many) of the last seconds, the oldest first

    def text(self, done: float, total: float) -> str:
        """Return the text for `done` of `total` bytes; rate and time left only once they can be estimated."""
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen = []  # a chunk is downloaded again, or this is another download
        self._seen.append((now, done))
        while now - self._seen[0][0] > self._WINDOW:
            self._seen.pop(0)
        parts = [amount(done, total)]
        since, before = self._seen[0]
        if now - since >= 0.5 and done > before and done < total:
            rate = (done - before) / (now - since)
            parts += [t("download.rate", size=size(rate)), _left((total - done) / rate)]
        return " · ".join(parts)


def _left(seconds: float) -> str:
    if seconds >= 90:
        return t("download.minutes", count=round(seconds / 60))
    return t("download.seconds", count=max(1, round(seconds)))
