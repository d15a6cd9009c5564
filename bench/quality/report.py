"""The report: tables in Markdown, figures in JSON."""

from __future__ import annotations

from dataclasses import asdict

from bench.quality import intervals
from bench.quality.photos import Photo
from bench.quality.results import SECONDS, Results
from bench.quality.scores import Measure, measures

MIN_PHOTOS = 6
"""Fewest photos for which a difference is judged: fewer agree by chance in more than 1 of 20 cases (sign test)."""

HEAD = f"""\
Means with their {intervals.LEVEL * 100:.0f} % interval: percentile bootstrap over the photos, {intervals.RESAMPLES:,} \
resamples, seed {intervals.SEED}. ↓ lower is better, ↑ higher is better.
Differences are paired, photo by photo; from {MIN_PHOTOS} photos on, those whose interval excludes zero are bold.
Seconds are medians of wall time, file to alpha, of photos taken one after another under the load given above."""


def markdown(results: Results, about: dict[str, str]) -> str:
    """Return the whole report as Markdown."""
    parts = ["# Quality", "\n".join(f"- {key}: {value}" for key, value in about.items())]
    parts.append("\n".join(f"- {name}: {results.settings.get(name, 'took no photo')}" for name in results.candidates))
    parts.append(HEAD)
    for name, photos in results.sets():
        parts.append(f"## {name}, {_count(photos)}")
        parts += _tables(results, photos) if photos else ["Every photo was refused by a candidate."]
    if results.refusals:
        parts += [
            "## Refused, and left out for all",
            "\n".join(f"- {photo}, {candidate}: {reason}" for photo, candidate, reason in results.refusals),
        ]
    return "\n\n".join(parts) + "\n"


def figures(results: Results, about: dict[str, str]) -> dict:
    """Return everything as plain values for JSON."""
    summary = {
        name: {
            candidate: {
                measure.key: {
                    "mean": asdict(intervals.mean(results.column(photos, candidate, measure.key))),
                    "difference": asdict(intervals.mean(_differences(results, photos, candidate, measure))),
                }
                for measure in measures(photos[0].kind)
            }
            | {SECONDS: results.median_seconds(photos, candidate)}
            for candidate in results.candidates
        }
        for name, photos in results.sets()
        if photos
    }
    return {
        "about": about,
        "candidates": {name: results.settings.get(name) for name in results.candidates},
        "reference": results.reference,
        "summary": summary,
        "photos": results.figures,
        "refusals": [dict(zip(("photo", "candidate", "reason"), refusal, strict=True)) for refusal in results.refusals],
    }


def _tables(results: Results, photos: list[Photo]) -> list[str]:
    kinds = measures(photos[0].kind)
    rows = [
        [_title(measure), *(_mean(results.column(photos, name, measure.key), measure) for name in results.candidates)]
        for measure in kinds
    ]
    rows.append(["Seconds a photo", *(f"{results.median_seconds(photos, name):.2f}" for name in results.candidates)])
    parts = [_table(["", *results.candidates], rows)]
    others = [name for name in results.candidates if name != results.reference]
    if others:
        rows = [
            [_title(measure), *(_difference(results, photos, name, measure) for name in others)] for measure in kinds
        ]
        parts.append(_table([f"minus {results.reference}", *others], rows))
    if any(measure.coloured for measure in kinds):
        known = sum(photo.foreground.is_file() for photo in photos)
        parts.append(
            f"Composites: the subject's true colours are known of {known} of {len(photos)}; "
            "for the rest the photo's own stand in."
        )
    return parts


def _title(measure: Measure) -> str:
    return f"{measure.title} {'↓' if measure.better == 'lower' else '↑'}"


def _mean(values: list[float], measure: Measure) -> str:
    found = intervals.mean(values)
    value, low, high = (f"{number:.{measure.digits}f}" for number in (found.value, found.low, found.high))
    # A single photo cannot be resampled.
    return f"{value} ({low} to {high})" if len(values) > 1 else value


def _differences(results: Results, photos: list[Photo], name: str, measure: Measure) -> list[float]:
    """Return a candidate's figures minus the reference's, photo by photo."""
    return [
        own - other
        for own, other in zip(
            results.column(photos, name, measure.key),
            results.column(photos, results.reference, measure.key),
            strict=True,
        )
    ]


def _difference(results: Results, photos: list[Photo], name: str, measure: Measure) -> str:
    found = intervals.mean(_differences(results, photos, name, measure))
    # One digit more than the means: a small difference of pairs can be significant.
    value, low, high = (_signed(number, measure.digits + 1) for number in (found.value, found.low, found.high))
    if len(photos) < 2:
        return value
    text = f"{value} ({low} to {high})"
    if len(photos) < MIN_PHOTOS or not found.clear:
        return text
    better = (found.value < 0) == (measure.better == "lower")
    return f"**{text}** {'better' if better else 'worse'}"


def _signed(number: float, digits: int) -> str:
    return f"{number:+.{digits}f}".replace("-", "−")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _count(photos: list[Photo]) -> str:
    return f"{len(photos)} photo{'s' if len(photos) != 1 else ''}"
