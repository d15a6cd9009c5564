"""The measurements of a network's variants, and the choice for a backend."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from bench.quality import intervals

MAX_LOSS = 0.001
"""Largest mean loss of MAE against single precision."""

EQUALLY_FAST = 1.05
"""Ratio to the fastest up to which variants count as equally fast; the smallest file of them is chosen."""


@dataclass
class Measured:
    """One variant of a network on one backend. Lists have one value for each turn."""

    variant: str
    bytes: int
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """Peak of the page's processes in MB; empty where it is not known."""

    mae: list[float] = field(default_factory=list)
    boundary: list[float] = field(default_factory=list)
    """Boundary IoU. Like `mae`, empty where the truth is not known."""


def loss(one: Measured, plain: Measured) -> intervals.Mean | None:
    """Return the loss of MAE against single precision, photo by photo."""
    if not one.mae or not plain.mae:
        return None
    return intervals.mean([own - other for own, other in zip(one.mae, plain.mae, strict=True)])


def fits(one: Measured, plain: Measured) -> bool:
    """Return whether its loss is within the limit, or was not measured."""
    found = loss(one, plain)
    return found is None or found.value <= MAX_LOSS or not found.clear


def choose(variants: list[Measured]) -> Measured:
    """Return the smallest of the fastest variants whose quality suffices. The first one is single precision."""
    good = [variant for variant in variants if fits(variant, variants[0])]
    pace = {variant.variant: statistics.median(variant.seconds) for variant in good}
    fastest = min(pace.values())
    return min(
        (variant for variant in good if pace[variant.variant] <= EQUALLY_FAST * fastest),
        key=lambda variant: variant.bytes,
    )


def table(variants: list[Measured]) -> str:
    """Return a table: medians, and ratios turn by turn with their range."""
    head = [
        "variant",
        "MB",
        "a run, s",
        "relative to the fastest",
        "peak memory, MB",
        "MAE",
        "minus single precision",
        "boundary IoU",
    ]
    fastest = min(variants, key=lambda variant: statistics.median(variant.seconds))
    rows = [head, ["---"] * len(head)]
    for variant in variants:
        ratios = [own / other for own, other in zip(variant.seconds, fastest.seconds, strict=True)]
        lost = loss(variant, variants[0])
        rows.append(
            [
                variant.variant,
                f"{variant.bytes / 1e6:.1f}",
                f"{statistics.median(variant.seconds):.2f}",
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
                f"{statistics.median(variant.memory):.0f}" if variant.memory else "",
                f"{statistics.mean(variant.mae):.4f}" if variant.mae else "",
                f"{lost.value:+.5f} ({lost.low:+.5f} to {lost.high:+.5f})" if lost else "",
                f"{statistics.mean(variant.boundary):.3f}" if variant.boundary else "",
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def summary(backend: str, variants: list[Measured], shipped: str) -> str:
    """Return one sentence: the choice, and whether the catalogue has it."""
    best = choose(variants).variant
    agreement = "as in the catalogue" if best == shipped else f"but the catalogue has {shipped}"
    left = [variant.variant for variant in variants if not fits(variant, variants[0])]
    out = f" Too far from single precision: {', '.join(left)}." if left else ""
    unseen = "" if variants[0].mae else " Quality was not measured (--photos)."
    return f"{backend}: {best}, {agreement}.{out}{unseen}"
