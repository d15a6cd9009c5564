"""Reads the command line, runs a command, and turns what goes wrong into a sentence and an exit status.

Nothing here imports numpy or Pillow: a wrong option is told before they are loaded, which takes a while.
"""

import argparse
import sys

from offcut import __version__
from offcut.cli import download, folder, frames, image, server
from offcut.cli.completion import SHELLS, Completion
from offcut.cli.console import abandon_output, say
from offcut.cli.failures import FAILED, INTERRUPTED, OUTPUT_CLOSED, CommandError, OutputClosed, reason, shown
from offcut.cli.signals import Signals
from offcut.errors import OffcutError, RecipeError

DESCRIPTION = "Remove the background from photos, on this machine alone."

EPILOGUE = """\
  offcut i photo.jpg cutout.png          one photo
  offcut i *.jpg cutouts/                some
  offcut p photos/ cutouts/              a folder, on all cores
  curl -s "$address" | offcut i > cutout.png

Each command explains itself: `offcut i -h`. The first photo fetches the model, 4 MB; `offcut d` fetches others.

exit status:
  0    done
  1    a photo, an option, a file or a model cannot be used; of several photos, how many failed (at most 100)
  2    wrong usage
  130  interrupted with Ctrl+C (143: ended by another program)
  141  whoever read the output stopped reading
Nothing is ever half written: an output exists whole, or as it was before.
"""

WRONG_USAGE = 2
"""Exit status, as argparse has it."""

COMMANDS = {"i": image, "p": folder, "b": frames, "s": server, "d": download}
"""The module of each command: `HELP`, `DESCRIPTION`, `add_arguments(parser)` and `run(given)`."""


def run(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: without the program's name; None for those of the process.

    Returns:
        The exit status, as in `EPILOGUE`, after one sentence on standard error for each thing that failed. Wrong usage
        exits with 2.
    """
    with Signals() as signals:
        try:
            parser = _parser()
            if arguments or (arguments is None and sys.argv[1:]):
                given = parser.parse_args(arguments)
                status = int(given.run(given))
            else:
                parser.print_help(sys.stderr)
                status = WRONG_USAGE
        except KeyboardInterrupt:
            status = INTERRUPTED
        except OutputClosed:
            status = OUTPUT_CLOSED
        except Exception as error:
            # Libraries in C report an interruption as a failure of their own.
            if not signals.status:
                status = _explain(error)
        finally:
            abandon_output()
        return signals.status or status


def _explain(error: Exception) -> int:
    """Tell a person about an error, and return the exit status. Raises again what no person could have caused."""
    if isinstance(error, (OffcutError, CommandError)):
        say(str(error))
        if isinstance(error, RecipeError) and error.traceback:
            say(error.traceback)
    elif isinstance(error, OSError):  # of a model's file, or of the system
        say(f"{shown(error.filename)}: {reason(error)}." if error.filename else f"{reason(error)}.")
    else:
        raise error
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "offcut", description=DESCRIPTION, epilog=EPILOGUE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--completion",
        action=Completion,
        choices=SHELLS,
        help='print a script that completes commands in a shell: eval "$(offcut --completion bash)"',
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,  # -d is no short form of -dc
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return parser
