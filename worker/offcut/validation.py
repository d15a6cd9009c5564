"""Checks of values that come from outside, each with a sentence for the one that is wrong."""

import math
from collections.abc import Iterable
from typing import Any

from offcut.errors import OptionError


def _said(value: Any) -> str:
    """A value in a sentence."""
    return "that is missing" if value is None else repr(value)


def check_number(name: str, value: Any, low: float, high: float) -> float:
    """`value` where it is a number from `low` to `high`; OptionError names it otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise OptionError(f"The {name} {_said(value)} is not a number from {low} to {high}.")
    return value


def check_choice(name: str, value: Any, choices: Iterable[str]) -> str:
    """`value` where it is one of `choices`; OptionError names it otherwise."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        raise OptionError(f"The {name} {_said(value)} is not known. Use one of: {', '.join(known)}.")
    return value


def check_flag(name: str, value: Any) -> bool:
    """`value` where it is true or false; OptionError names it otherwise."""
    if not isinstance(value, bool):
        raise OptionError(f"The {name} {_said(value)} is neither true nor false.")
    return value


def check_fields(name: str, value: Any, known: Iterable[str]) -> dict[str, Any]:
    """`value` where it is a dict whose keys are all in `known`; OptionError names it, or the key, otherwise."""
    if not isinstance(value, dict):
        raise OptionError(f"The {name} must be an object with named values.")
    known = sorted(known)
    for key in value:
        if key not in known:
            raise OptionError(f"The {name} has no {key!r}. Use any of: {', '.join(known)}.")
    return value


def check_numbers(name: str, value: Any, limit: float) -> list[float]:
    """`value` where it is a list of finite numbers of at most `limit` in size; OptionError names it otherwise."""

    def is_sound(number: Any) -> bool:
        known = isinstance(number, (int, float)) and not isinstance(number, bool)
        return known and math.isfinite(number) and abs(number) <= limit

    if not isinstance(value, (list, tuple)) or not all(is_sound(number) for number in value):
        raise OptionError(f"The {name} must be a list of numbers of at most {limit:g}.")
    return list(value)
