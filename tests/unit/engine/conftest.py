"""Makes the engine importable, as it is in the worker."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "worker"))
