"""What people and programs are told about many photos: a progress bar, sentences, lines of JSON, a summary."""

import json
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any

from offcut.cli.console import is_terminal, say
from offcut.cli.failures import MOST_FAILURES, OutputClosed, shown
from offcut.cli.work import DONE, FAILED, SKIPPED, Outcome


class Report:
    """Tells about outcomes and counts them. A context, which takes the bar away and prints the summary."""

    def __init__(self, total: int | None, as_json: bool = False, verbose: bool = False) -> None:
        """Start with nothing told.

        Args:
            total: how many photos there are, for the bar; None where that is not known.
            as_json: whether a line for each photo goes to standard output.
            verbose: whether people are told about each photo that was cut out.
        """
        self.counts = dict.fromkeys((DONE, SKIPPED, FAILED), 0)
        self._json = as_json
        self._verbose = verbose
        self._bar = _bar(total)

    def __enter__(self) -> "Report":
        """Return the report."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the bar away, and say what became of the photos."""
        if self._bar is not None:
            self._bar.close()
        if kind is None or kind is KeyboardInterrupt:
            done, skipped, failed = self.counts.values()
            parts = [f"{done} cut out"]
            parts += [f"{skipped} there already"] if skipped else []
            parts += [f"{failed} failed"] if failed else []
            total = done + skipped + failed
            say(f"{total} {'photo' if total == 1 else 'photos'}: {', '.join(parts)}.")

    @property
    def status(self) -> int:
        """The exit status, which counts failures."""
        return min(self.counts[FAILED], MOST_FAILURES)

    def add(self, outcome: Outcome) -> None:
        """Tell about a photo. Raises OutputClosed where the reader of standard output has gone."""
        self.counts[outcome.status] += 1
        photo = shown(outcome.job.photo)
        if outcome.status == FAILED:
            message = outcome.message
            self._say(message if message.startswith(photo) else f"{photo}: {message}")
        elif outcome.status == DONE and self._verbose:
            self._say(f"{photo} became {shown(outcome.job.output)} in {outcome.seconds:.2f} s.")
        for text in outcome.notices:
            self._say(f"{photo}: {text}.")
        if self._json:
            self._print(outcome)
        if self._bar is not None:
            self._bar.update()

    def _say(self, sentence: str) -> None:
        if self._bar is None:
            say(sentence)
        else:
            self._bar.clear()
            say(sentence)
            self._bar.refresh()

    def _print(self, outcome: Outcome) -> None:
        line: dict[str, Any] = {"photo": outcome.job.photo, "output": outcome.job.output, "status": outcome.status}
        line["seconds"] = outcome.seconds
        if outcome.status == DONE:
            line |= {"width": outcome.width, "height": outcome.height, "notices": list(outcome.notices)}
        if outcome.status == FAILED:
            line |= {"error": outcome.error, "message": outcome.message}
        try:
            print(json.dumps(line), flush=True)
        except BrokenPipeError as error:
            raise OutputClosed from error


def _bar(total: int | None) -> Any:
    """Return a progress bar for a person, or None: for a log, or where tqdm is not installed."""
    if not is_terminal(sys.stderr):
        return None
    with suppress(ModuleNotFoundError):
        from tqdm import tqdm

        return tqdm(total=total, unit=" photos", file=sys.stderr, dynamic_ncols=True, leave=False)
    return None
