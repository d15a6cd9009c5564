"""Passing a large value on without keeping a reference to it."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Handover(Generic[T]):
    """Holds a value until its one user takes it.

    WebAssembly's memory never shrinks. As long as any caller's variable refers to a photo, the photo stays in memory
    while copies of it are made. A function that returns a `Handover` leaves the only reference to the value's last
    user: ``use(handover.take())``.
    """

    def __init__(self, value: T) -> None:
        self._value: list[T] = [value]

    def take(self) -> T:
        """Return the value and forget it. Raises IndexError where it was taken already."""
        return self._value.pop()
