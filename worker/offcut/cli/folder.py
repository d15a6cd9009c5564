"""`offcut p`: cut out all photos of a folder."""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from offcut.cli.cluster import Cluster
from offcut.cli.console import say
from offcut.cli.failures import CommandError, shown
from offcut.cli.pool import Pool, processors
from offcut.cli.reporting import Report
from offcut.cli.settings import add_settings, read_settings
from offcut.cli.tree import Tree
from offcut.cli.work import FAILED, SKIPPED, Job, Order, Outcome
from offcut.cli.writing import make_folder

HELP = "cut out all photos of a folder, on all cores"

DESCRIPTION = """\
Cut out all photos of a folder and of those in it, on all cores. The results form the same tree.

  offcut p photos/ cutouts/
  offcut p photos/ cutouts/ --glob '*.jpg' --format webp
  offcut p photos/ cutouts/ --watch          and those that come later, until Ctrl+C
  offcut p photos/ cutouts/ --dask tcp://scheduler:8786

A result that is there already is left as it is and its photo skipped, so the same command continues where it was
stopped. Of several photos with one name and different endings, each result keeps the photo's ending in its name."""

LOOK_S = 1.0
"""Seconds between two looks at a folder that is watched."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `offcut p`."""
    parser.add_argument("source", metavar="IN", help="folder of the photos")
    parser.add_argument("target", metavar="OUT", help="folder of the results; it is made where it is missing")
    which = parser.add_argument_group("photos")
    which.add_argument(
        "--glob",
        metavar="PATTERN",
        action="append",
        default=[],
        help="only files of this name or path below IN, such as '*.jpg' (default: files that end like photos)",
    )
    which.add_argument("--flat", action="store_true", help="leave out folders in IN")
    which.add_argument("--overwrite", action="store_true", help="replace results that are there")
    which.add_argument("-w", "--watch", action="store_true", help="go on with photos that come later, until Ctrl+C")
    how = parser.add_argument_group("work")
    how.add_argument(
        "-j", "--workers", metavar="N", type=int, help="processes (default: one for each core; they share the cores)"
    )
    how.add_argument(
        "--dask", metavar="ADDRESS", help="let a Dask cluster do it, such as tcp://host:8786 (see docs/python.md)"
    )
    how.add_argument("--json", action="store_true", help="print a line of JSON on standard output for each photo")
    add_settings(parser)


def run(given: argparse.Namespace) -> int:
    """Run `offcut p` and return the exit status."""
    if given.workers is not None and given.workers < 1:
        raise CommandError(f"--workers {given.workers} is not a whole number from 1 on.")
    if given.dask and given.workers:
        raise CommandError("--dask takes the cluster's workers as they are, without --workers. Leave one of them out.")
    request = read_settings(given)
    if given.dask:  # its workers are in folders of their own
        given.source, given.target = str(Path(given.source).absolute()), str(Path(given.target).absolute())
    tree = Tree(
        given.source, given.target, request.options.target.extension, tuple(given.glob), recursive=not given.flat
    )
    make_folder(given.target)
    jobs = list(tree.jobs())
    if not jobs and not given.watch:
        say(f"There are no photos in {shown(given.source)}.")
        return 0

    if given.watch:
        say(f"Watching {shown(given.source)} until Ctrl+C.")
    order = Order(request, str(given.models) if given.models else None, overwrite=given.overwrite)
    total = None if given.watch else len(jobs)
    with _hands(given, order, total) as hands, Report(total, given.json) as report:
        cut_out = _Batch(hands, order, report)
        cut_out(iter(jobs))
        if given.watch:
            _watch(tree, cut_out, set(jobs))
    return report.status


def _hands(given: argparse.Namespace, order: Order, total: int | None) -> "Pool[Job, Outcome] | Cluster":
    """Return who does the work."""
    if given.dask:
        return Cluster(given.dask, order, given.source, given.target)
    from offcut.store.fetching import ready

    # Once, here: each process would fetch a model that is missing.
    ready(order.request.options.model, given.models)
    workers = given.workers or processors()
    workers = workers if total is None else min(workers, total)
    threads = max(1, processors() // workers)
    return Pool(replace(order, threads=threads).start, workers, threads)


class _Batch:
    """Cuts out jobs and reports each, those without anything to do at once."""

    def __init__(self, hands: "Pool[Job, Outcome] | Cluster", order: Order, report: Report) -> None:
        self._hands = hands
        self._order = order
        self._report = report

    def __call__(self, jobs: Iterator[Job]) -> None:
        for job, outcome in self._hands.map(self._wanted(jobs)):
            self._report.add(outcome or Outcome(job, FAILED, error="WorkerDied", message=_DIED))

    def _wanted(self, jobs: Iterator[Job]) -> Iterator[Job]:
        for job in jobs:
            if not self._order.overwrite and Path(job.output).exists():
                self._report.add(Outcome(job, SKIPPED))
            else:
                yield job


_DIED = (
    "The process that worked on it was ended twice, perhaps because memory ran out. Try it with --workers 1, or make "
    "the photo smaller."
)


def _watch(tree: Tree, cut_out: Callable[[Iterator[Job]], None], done: set[Job]) -> None:
    """Cut out photos that come later, each when it has stopped growing. Never returns."""
    seen: dict[Job, tuple[int, int]] = {}
    while True:
        time.sleep(LOOK_S)
        now = {job: state for job in tree.jobs() if (state := _state(job.photo)) is not None and job not in done}
        still = [job for job, state in now.items() if seen.get(job) == state]
        seen = now
        if still:
            cut_out(iter(still))
            done.update(still)


def _state(photo: str) -> tuple[int, int] | None:
    """Return size and time of change of a file; None where it is gone."""
    try:
        found = Path(photo).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
