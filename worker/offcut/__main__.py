"""`python -m offcut`: the same as the console script `offcut`."""

import sys

from offcut.cli import main

sys.exit(main())
