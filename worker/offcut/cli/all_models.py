"""What each model of this machine makes of a photo, as files beside each other."""

from pathlib import Path
from typing import TYPE_CHECKING

from offcut.cli.console import STANDARD
from offcut.cli.failures import CommandError
from offcut.cli.work import Job
from offcut.cli.writing import Output, find_output
from offcut.store.own_networks import is_path

if TYPE_CHECKING:
    from offcut.native import RemovalSession
    from offcut.request import Request

DISAGREE = "disagree"
"""Name of the notice that the models disagree about a photo."""


def name_for(output: str, model: str) -> str:
    """Return the name of a model's file: ``cutout-u2netp.png`` for ``cutout.png``."""
    path = Path(output)
    label = Path(model).stem if is_path(model) else model
    return str(path.with_name(f"{path.stem}-{label}{path.suffix}"))


def find_outputs(jobs: list[Job], models: list[str]) -> list[dict[str, Output]]:
    """Find out whether the files of all models can be written, before the work for them begins.

    Returns:
        For each job the places of the files, by the model's id.

    Raises:
        CommandError: one cannot be written, and why; one is a photo of this very command; or the output is no file.
    """
    photos = [Path(job.photo) for job in jobs if job.photo != STANDARD]
    for job in jobs:
        if job.output == STANDARD:
            raise CommandError("Several results do not fit into standard output. Name a file or a folder.")
        for model in models:
            output = Path(name_for(job.output, model))
            if any(output.exists() and photo.exists() and output.samefile(photo) for photo in photos):
                raise CommandError(f"{output} is one of the photos. Choose another name or folder.")
    return [{model: find_output(name_for(job.output, model)) for model in models} for job in jobs]


def write_all(
    session: "RemovalSession", photo: bytes, request: "Request", places: dict[str, Output]
) -> tuple[str, ...]:
    """Write what each model makes of a photo. Returns the notices. Raises OffcutError or CommandError."""
    from offcut.native import make_file

    found = session.apply_all(photo, request, lambda pixels, clock: make_file(pixels, request, clock))
    for one in found:
        places[one.model].write(one.result.data)
    notices = found.results[0].result.notices
    return (*notices, DISAGREE) if found.is_doubtful else notices
