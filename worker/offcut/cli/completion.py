"""`offcut --completion SHELL`: a script by which a shell completes commands, options and files."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from offcut.cli.failures import CommandError

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")

FILES = frozenset({"PHOTO ... OUTPUT"})
FOLDERS = frozenset({"IN", "OUT", "FOLDER"})
"""What arguments are called in the help that stand for files or folders."""


class Completion(argparse.Action):
    """Print the script and end."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option: Any = None) -> None:
        """Print it for the shell named. Raises CommandError where shtab is not installed."""
        try:
            import shtab
        except ModuleNotFoundError as error:
            raise CommandError("shtab is not installed. Run `pip install 'offcut[cli]'`.") from error
        for action in _actions(parser):
            if action.metavar in FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
            elif action.metavar in FOLDERS:
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        print(shtab.complete(parser, values), file=sys.stdout)
        parser.exit()


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
