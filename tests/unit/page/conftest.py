"""Makes the page's modules importable: those that need no browser."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "app"), str(ROOT / "worker")]


@pytest.fixture
def engine_rings() -> int:
    """How many rings the engine's own brush has."""
    from offcut.editing.strokes import RINGS

    return RINGS
