"""What was measured of the forms of a network, and which of them a backend should get."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from bench.quality import intervals

MOST_LOSS = 0.001
"""MAE, in the mean of the photos, that a form may lose against single precision."""

AS_QUICK = 1.05
"""Forms this close to the quickest are as quick; the smallest file of them wins."""


@dataclass
class Measured:
    """One form of a network on one backend. Lists have a value for each turn, in which every form had its photo."""

    form: str
    bytes: int
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """Peak of the page's processes, in megabytes; empty where the system does not tell."""

    mae: list[float] = field(default_factory=list)
    boundary: list[float] = field(default_factory=list)
    """Boundary IoU. Like `mae` it is empty where nobody knows the truth."""


def loss(one: Measured, plain: Measured) -> intervals.Mean | None:
    """How much more MAE than in single precision, photo by photo."""
    return intervals.mean([own - other for own, other in zip(one.mae, plain.mae)]) if one.mae and plain.mae else None


def fits(one: Measured, plain: Measured) -> bool:
    """Whether its quality is within the bound, as far as anybody looked at it."""
    found = loss(one, plain)
    return found is None or found.value <= MOST_LOSS or not found.clear


def winner(forms: list[Measured]) -> Measured:
    """The smallest of the quickest of those that are good enough. The first form is single precision."""
    good = [form for form in forms if fits(form, forms[0])]
    pace = {form.form: statistics.median(form.seconds) for form in good}
    quickest = min(pace.values())
    return min((form for form in good if pace[form.form] <= AS_QUICK * quickest), key=lambda form: form.bytes)


def table(forms: list[Measured]) -> str:
    """One row a form: medians, with the least and the most of ratios taken turn by turn."""
    head = [
        "form",
        "MB",
        "a run, s",
        "to the quickest",
        "peak memory, MB",
        "MAE",
        "minus single precision",
        "boundary IoU",
    ]
    quickest = min(forms, key=lambda form: statistics.median(form.seconds))
    rows = [head, ["---"] * len(head)]
    for form in forms:
        ratios = [own / other for own, other in zip(form.seconds, quickest.seconds, strict=True)]
        lost = loss(form, forms[0])
        rows.append(
            [
                form.form,
                f"{form.bytes / 1e6:.1f}",
                f"{statistics.median(form.seconds):.2f}",
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
                f"{statistics.median(form.memory):.0f}" if form.memory else "",
                f"{statistics.mean(form.mae):.4f}" if form.mae else "",
                f"{lost.value:+.5f} ({lost.low:+.5f} to {lost.high:+.5f})" if lost else "",
                f"{statistics.mean(form.boundary):.3f}" if form.boundary else "",
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def said(backend: str, forms: list[Measured], shipped: str) -> str:
    """The winner in a sentence, and whether the catalogue has it."""
    best = winner(forms).form
    agreement = "as in the catalogue" if best == shipped else f"but the catalogue has {shipped}"
    left = [form.form for form in forms if not fits(form, forms[0])]
    out = f" Too far from single precision: {', '.join(left)}." if left else ""
    unseen = "" if forms[0].mae else " Without --photos nobody looked at the quality."
    return f"{backend}: {best} wins, {agreement}.{out}{unseen}"
