"""`offcut i`: cut out the photos that are named."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from offcut.cli.all_models import find_outputs, write_all
from offcut.cli.console import STANDARD, is_terminal, say
from offcut.cli.failures import DONE, MOST_FAILURES, CommandError, shown
from offcut.cli.notices import explain
from offcut.cli.reading import read_photo
from offcut.cli.settings import add_settings, read_settings
from offcut.cli.work import Job
from offcut.cli.writing import find_output, is_folder, make_folder
from offcut.errors import OffcutError

HELP = "cut out one photo, or several into a folder"

DESCRIPTION = """\
Cut out one photo, or several into a folder.

  offcut i photo.jpg cutout.png
  offcut i *.jpg cutouts/            the folder is made where it is missing
  offcut i - - < photo.jpg > cutout.png

The output's ending chooses the format: png, webp, jpg, avif, tif. In a folder each result has its photo's name. A file
of that name is replaced, but never a photo by a result of another name's.

  offcut i --all-models photo.jpg cutout.png    cutout-u2netp.png, cutout-isnet.png, …"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `offcut i`."""
    parser.usage = "offcut i [options] [PHOTO ...] [OUTPUT]"
    parser.add_argument(
        "paths",
        metavar="PHOTO ... OUTPUT",
        nargs="*",
        help="'-' means standard input or output; so does a name that is left out where there is no terminal",
    )
    parser.add_argument(
        "--all-models",
        action="store_true",
        help="write what each model on this machine makes of it: cutout-u2netp.png, cutout-isnet.png and so on",
    )
    add_settings(parser)


def run(given: argparse.Namespace) -> int:
    """Run `offcut i` and return the exit status."""
    photos, output = _paths(given)
    ending = "" if output == STANDARD or is_folder(output) else Path(output).suffix.lstrip(".")
    request = read_settings(given, ending)
    options = request.options
    jobs = find_jobs(photos, output, options.target.extension)

    # What follows is checked before the network is loaded, which takes a while.
    outputs = [find_output(job.output) for job in jobs]
    if given.all_models and output == STANDARD:
        find_outputs(jobs, [])
    first = read_photo(jobs[0].photo) if len(jobs) == 1 else None

    from offcut.native import RemovalSession, open_engine
    from offcut.store.fetching import ready

    engine = open_engine(ready(options.model, given.models))
    session = RemovalSession(engine, engine.model.id)
    places = find_outputs(jobs, list(engine.catalogue.models)) if given.all_models else []

    def write(at: int, photo: bytes) -> tuple[str, ...]:
        """Write what becomes of the photo of a job. Returns the notices."""
        name = jobs[at].photo
        wanted = replace(request, name="" if name == STANDARD else Path(name).name)
        if given.all_models:
            return write_all(session, photo, wanted, places[at])
        result = session.make(photo, wanted)
        outputs[at].write(result.data)
        return result.notices

    failed = 0
    try:
        for at, job in enumerate(jobs):
            try:
                for text in explain(write(at, read_photo(job.photo) if first is None else first)):
                    say(f"{_name(job.photo)}: {text}.")
            except (OffcutError, CommandError) as error:
                if len(jobs) == 1:
                    raise
                message = str(error)
                say(message if message.startswith(shown(job.photo)) else f"{_name(job.photo)}: {message}")
                failed += 1
    finally:
        session.close()
    if failed:
        say(f"{failed} of {len(jobs)} photos could not be cut out.")
    return min(failed, MOST_FAILURES) if failed else DONE


def find_jobs(photos: list[str], output: str, extension: str) -> list[Job]:
    """Name the file that each photo becomes.

    Args:
        photos: paths, or ``"-"``.
        output: a path, a folder, or ``"-"``.
        extension: of the files in a folder.

    Raises:
        CommandError: the folder cannot be used, or two photos would become one file.
    """
    if not is_folder(output):
        if len(photos) > 1:
            raise CommandError(
                f"{len(photos)} photos need a folder as the last name, and {shown(output)} is none. "
                "End its name with a slash to have it made, or quote the names."
            )
        return [Job(photos[0], output)]
    jobs = [Job(photo, str(Path(output, f"{_stem(photo)}.{extension}"))) for photo in photos]
    taken: dict[str, str] = {}
    for job in jobs:
        if taken.setdefault(job.output, job.photo) != job.photo or photos.count(job.photo) > 1:
            raise CommandError(
                f"{shown(taken[job.output])} and {shown(job.photo)} would both become {shown(job.output)}. "
                "Give them different names, or cut them out one by one."
            )
    for job in jobs:
        for photo in _clashes(job, photos):
            raise CommandError(f"{shown(job.output)} is one of the photos, {shown(photo)}. Choose another folder.")
    make_folder(output)
    return jobs


def _clashes(job: Job, photos: list[str]) -> Iterator[str]:
    """Yield the photos that a result would replace though its name was not asked for."""
    output = Path(job.output)
    for photo in photos:
        try:
            if photo != STANDARD and output.samefile(photo):
                yield photo
        except OSError:  # one of them is not there
            continue


def _stem(photo: str) -> str:
    return "cutout" if photo == STANDARD else Path(photo).stem or "cutout"


def _name(photo: str) -> str:
    return "Standard input" if photo == STANDARD else shown(photo)


def _paths(given: argparse.Namespace) -> tuple[list[str], str]:
    """Tell photos and output apart. What is left out means a standard stream, unless that is a terminal."""
    paths: list[str] = list(given.paths)
    if not paths and not is_terminal(sys.stdin):
        paths = [STANDARD]
    if len(paths) == 1 and not is_terminal(sys.stdout):
        paths.append(STANDARD)
    if len(paths) < 2:
        given.parser.error("Name a photo and the file to write, as in `offcut i photo.jpg cutout.png`.")
    if paths[:-1].count(STANDARD) > 1:
        raise CommandError("Standard input can be read once. Name '-' once among the photos.")
    return paths[:-1], paths[-1]
