"""What an earlier run in the same folder already found."""

from __future__ import annotations

import json
from pathlib import Path

from bench.quality.alphas import Alphas
from bench.quality.results import Results


def take_over(out: Path, contestant: str, results: Results, alphas: Alphas) -> bool:
    """Takes a contestant's figures from `quality.json` in `out`; False where it lacks any of the photos."""
    try:
        found = json.loads((out / "quality.json").read_text(encoding="utf-8"))
        figures = {photo.key: found["photos"][photo.key][contestant] for photo in results.photos}
        setting = f"{found['contestants'][contestant]}, on {found['about']['date']}"
    except (FileNotFoundError, ValueError, KeyError):
        return False
    if not all(alphas.path(photo, contestant).is_file() for photo in results.photos):
        return False
    for photo in results.photos:
        results.add(photo, contestant, figures[photo.key])
    results.settings[contestant] = setting
    return True
