"""Medians, ratios and a plot of a comparison."""

from __future__ import annotations

import statistics
from xml.sax.saxutils import escape

Seen = dict[str, dict[str, list[float]]]
"""Measured values by candidate and row."""

PAIRS = (
    ("offcut isnet", "imgly medium"),
    ("offcut isnet", "imgly small"),
    ("offcut isnet-768", "imgly small"),
    ("offcut u2netp", "rembg-web u2netp"),
)
"""Our model and the peer that it is compared with."""


def table(seen: Seen) -> str:
    """Return a table with a row for each measure and a column for each candidate: median (least to most)."""
    names = list(seen)
    rows = list(dict.fromkeys(row for values in seen.values() for row in values))
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    lines += [f"| {row} | " + " | ".join(_cell(seen[name].get(row)) for name in names) + " |" for row in rows]
    return "\n".join(lines)


def ratios(seen: Seen) -> str:
    """Return the ratios of our values to the peer's, run by run: median (least to most).

    Below 1 is less time, memory or bytes.
    """
    pairs = [pair for pair in PAIRS if set(pair) <= seen.keys()]
    rows = list(dict.fromkeys(row for pair in pairs for row in seen[pair[0]]))
    lines = [
        "| | " + " | ".join(f"{ours.removeprefix('offcut ')} / {peer}" for ours, peer in pairs) + " |",
        "|---" * (len(pairs) + 1) + "|",
    ]
    for row in rows:
        cells = []
        for ours, peer in pairs:
            both = zip(seen[ours].get(row, ()), seen[peer].get(row, ()), strict=False)
            cells.append(_cell([one / other for one, other in both if other]))
        lines.append(f"| {row.rpartition(',')[0]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ratio_table(values: dict[str, list[float]], base: dict[str, list[float]]) -> str:
    """Return the ratio of each row's values to the base's, run by run: median (least to most)."""
    lines = ["| | ratio |", "|---|---|"]
    for row, own in values.items():
        pairs = zip(own, base.get(row, ()), strict=False)
        lines.append(f"| {row.rpartition(',')[0]} | {_cell([one / other for one, other in pairs if other])} |")
    return "\n".join(lines)


def _cell(values: list[float] | None) -> str:
    if not values:
        return ""
    middle = statistics.median(values)
    text = f"{middle:.0f}" if middle >= 100 else f"{middle:.2f}"
    if len(values) < 2:
        return text
    digits = 0 if middle >= 100 else 2
    return f"{text} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def plot(seen: Seen, row: str) -> str:
    """Return an SVG of horizontal bars: medians of one row, with whiskers from least to most."""
    shown = [(name, values[row]) for name, values in seen.items() if row in values]
    widest = max(max(values) for _, values in shown)
    high, left, width = 28, 190, 420
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 70} {high * len(shown) + 44}" '
            'font-family="system-ui, sans-serif" font-size="13">'
        ),
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="8" y="20" font-weight="600" fill="#1d1b18">{escape(row)}</text>',
    ]
    for place, (name, values) in enumerate(shown):
        top, middle = 34 + place * high, statistics.median(values)
        colour = "#c2410c" if name.startswith("offcut") else "#8a8178"
        bar = middle / widest * width
        low, most = (left + value / widest * width for value in (min(values), max(values)))
        lines += [
            f'<text x="{left - 8}" y="{top + 15}" text-anchor="end" fill="#1d1b18">{escape(name)}</text>',
            f'<rect x="{left}" y="{top + 3}" width="{bar:.1f}" height="{high - 10}" fill="{colour}"/>',
            f'<path d="M{low:.1f} {top + 12}H{most:.1f}" stroke="#1d1b18" stroke-width="1.5"/>',
            f'<text x="{max(most, left) + 6:.1f}" y="{top + 16}" fill="#1d1b18">{middle:.1f}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"
