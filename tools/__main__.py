"""The command line: `python3 -m tools`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this with an older Python is told so
    sys.exit("Offcut's tools need Python 3.11 or later; this is " + sys.version.split()[0] + ".")

from tools.command_line import main

sys.exit(main())
