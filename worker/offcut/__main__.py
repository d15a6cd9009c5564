"""`python -m offcut`: the same as the console script `offcut`."""

import sys

from offcut.cli import main

if __name__ == "__main__":  # worker processes import it under another name
    sys.exit(main())
