"""The command line: `python3 -m tools`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is refused with a message
    sys.exit("Offcut's tools need Python 3.11 or later; this is " + sys.version.split()[0] + ".")

from tools.command_line import main

sys.exit(main())
