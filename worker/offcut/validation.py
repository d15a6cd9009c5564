"""Checks of values that come from outside. Each raises OptionError with a sentence that names the wrong value.

Dataclasses declare a check with each field (`checked`) and are read with `read_fields`.
"""

from collections.abc import Callable, Iterable
from dataclasses import field, fields
from typing import Any, TypeVar

from offcut.errors import OptionError

T = TypeVar("T")

Check = Callable[[str, Any], object]
"""Takes the name and the value of a field. Raises OptionError."""


def checked(default: Any, check: Check, *, key: str | None = None) -> Any:
    """Declare a field of a dataclass with its default and its check.

    Args:
        default: the value where none is given.
        check: such as `number`, `choice` or `flag`.
        key: the field's name outside of Python, where that is another.
    """
    return field(default=default, metadata={"check": check, "key": key})


def number(low: float, high: float) -> Check:
    """Return a check for numbers from `low` to `high`."""
    return lambda name, value: check_number(name, value, low, high)


def choice(choices: Iterable[str]) -> Check:
    """Return a check for one of several texts."""
    return lambda name, value: check_choice(name, value, choices)


def flag(name: str, value: Any) -> bool:
    """Check for true or false."""
    return check_flag(name, value)


def read_fields(kind: type[T], name: str, given: Any) -> T:
    """Make a dataclass from values that came from outside.

    Args:
        kind: a dataclass whose fields were declared with `checked`.
        name: what the values belong to, for messages.
        given: a dict; a value of None, and None itself, leave the defaults.

    Raises:
        OptionError: a key is not known or a value makes no sense.
    """
    known = {entry.metadata["key"] or entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]
    values = present(name, given, known)
    for key, value in values.items():
        known[key].metadata["check"](f"{name}'s {key}", value)
    return kind(**{known[key].name: value for key, value in values.items()})


def present(name: str, given: Any, known: Iterable[str]) -> dict[str, Any]:
    """Return the values that are not None; `given` itself may be None. Raises OptionError for unknown keys."""
    if given is None:
        return {}
    return {key: value for key, value in check_fields(name, given, known).items() if value is not None}


def check_number(name: str, value: Any, low: float, high: float) -> float:
    """Return `value` where it is a number from `low` to `high`; raise OptionError otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise OptionError(f"The {name} {_quoted(value)} is not a number from {low} to {high}.")
    return value


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """Return `value` where it is one of `choices`; raise OptionError otherwise."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        raise OptionError(f"The {name} {_quoted(value)} is not known. Use one of: {', '.join(known)}.")
    return value


def check_flag(name: str, value: Any) -> bool:
    """Return `value` where it is true or false; raise OptionError otherwise."""
    if not isinstance(value, bool):
        raise OptionError(f"The {name} {_quoted(value)} is neither true nor false.")
    return value


def check_fields(name: str, value: Any, known: Iterable[str]) -> dict[str, Any]:
    """Return `value` where it is a dict whose keys are all in `known`; raise OptionError otherwise."""
    if not isinstance(value, dict):
        raise OptionError(f"The {name} must be an object with named values.")
    known = sorted(known)
    for key in value:
        if key not in known:
            raise OptionError(f"The {name} has no {key!r}. Use any of: {', '.join(known)}.")
    return value


def check_numbers(name: str, value: Any, limit: float) -> list[float]:
    """Return `value` where it is a list of finite numbers of at most `limit` in size; raise OptionError otherwise."""

    def is_valid(number: Any) -> bool:
        is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
        return is_number and abs(number) <= limit  # false for what is no number or infinite

    if not isinstance(value, (list, tuple)) or not all(is_valid(number) for number in value):
        raise OptionError(f"The {name} must be a list of numbers of at most {limit:g}.")
    return list(value)


def _quoted(value: Any) -> str:
    """Quote a value in a sentence."""
    return "that is missing" if value is None else repr(value)
