"""The engine, for tools that run it: it is installed nowhere, as the site carries it as plain files.

Import this before anything of `offcut`.
"""

import sys

from tools.paths import ROOT

sys.path.insert(0, str(ROOT / "worker"))
