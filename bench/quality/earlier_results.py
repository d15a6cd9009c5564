"""Results of an earlier run in the same folder."""

from __future__ import annotations

import json
from pathlib import Path

from bench.quality.alphas import Alphas
from bench.quality.results import Results


def reuse(out: Path, candidate: str, results: Results, alphas: Alphas) -> bool:
    """Take a candidate's figures from `quality.json` in `out`. Return False if any of the photos is missing."""
    try:
        found = json.loads((out / "quality.json").read_text(encoding="utf-8"))
        figures = {photo.key: found["photos"][photo.key][candidate] for photo in results.photos}
        setting = f"{found['candidates'][candidate]}, on {found['about']['date']}"
    except (FileNotFoundError, ValueError, KeyError):
        return False
    if not all(alphas.path(photo, candidate).is_file() for photo in results.photos):
        return False
    for photo in results.photos:
        results.add(photo, candidate, figures[photo.key])
    results.settings[candidate] = setting
    return True
