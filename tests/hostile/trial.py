"""Decode hostile inputs in this process, each within limits, and tell what came of each as a line of JSON.

`python -m tests.hostile.trial WHAT FIRST STEP` tries every STEP-th input from FIRST on: WHAT is ``decode``, ``large``
for the large inputs, or ``remove`` to cut them out as well, with the networks that are built. A crash ends the process,
a hang is ended by `faulthandler` with a traceback: the last line names the input either way.
"""

from __future__ import annotations

import faulthandler
import io
import json
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PIL import Image

from offcut.codecs import Photo, decode
from offcut.errors import OffcutError
from tests.hostile.inputs import Input, inputs, large
from tests.hostile.whole import good

HANG_S = 120
"""Seconds on the clock after which an input counts as hung. Machines that run tests are shared."""

ADDRESS_SPACE = 4 << 30
"""Bytes that the process may map, as much as WebAssembly's memory can have; onnxruntime reserves more for itself."""


@dataclass(frozen=True)
class Outcome:
    """What came of an input."""

    name: str
    result: str
    """``"photo"``, the name of an error that Offcut raises on purpose, or else a traceback."""

    pixels: int
    seconds: float
    """Of processor time."""

    megabytes: float | None
    """By which the process grew while it decoded, at most; None where the system does not tell."""


def trial(given: Input, act: Callable[[bytes], int]) -> Outcome:
    """Try one input, and decode the good photo after it. `act` returns a number of pixels."""
    data = given.make()
    before, since = _peak_restarted(), time.process_time()
    pixels = 0
    try:
        pixels, result = act(data), "photo"
    except OffcutError as error:
        result = error.name
    except Exception:
        result = traceback.format_exc()
    seconds, peak = time.process_time() - since, _peak()
    file, expected = good()
    if decode(file).image.tobytes() != expected:
        result = "the next good photo is wrong"
    return Outcome(given.name, result, pixels, seconds, None if peak is None else peak - (before or 0))


def _decoded(data: bytes) -> int:
    photo = decode(data)
    _check(photo)
    return photo.size[0] * photo.size[1]


def _removed(data: bytes) -> int:
    import offcut

    cutout = Image.open(io.BytesIO(offcut.remove(data)))
    assert cutout.mode == "RGBA"
    return cutout.width * cutout.height


ACTS: dict[str, tuple[Callable[[], Iterator[Input]], Callable[[bytes], int]]] = {
    "decode": (inputs, _decoded),
    "large": (large, _decoded),
    "remove": (inputs, _removed),
}
"""Where the inputs come from, and what is done with each."""


def _check(photo: Photo) -> None:
    """What the rest of the engine relies on."""
    assert photo.image.mode == "RGB" and photo.image.width * photo.image.height > 0
    assert photo.alpha is None or (photo.alpha.mode, photo.alpha.size) == ("L", photo.size)
    assert photo.image.getpixel((photo.size[0] - 1, photo.size[1] - 1)) is not None
    assert photo.space is None or photo.icc_profile


def trials(what: str, first: int, step: int) -> Iterator[Outcome]:
    """Try every `step`-th input."""
    source, act = ACTS[what]
    for given in islice(source(), first, None, step):
        print(json.dumps({"begins": given.name}), flush=True)
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        yield trial(given, act)
        faulthandler.cancel_dump_traceback_later()


def _status(field: str) -> float | None:
    try:
        found = re.search(rf"^{field}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) / 1000 if found else None


def _peak() -> float | None:
    """The most memory that the process had, in megabytes."""
    return _status("VmHWM")


def _peak_restarted() -> float | None:
    """Begin to look for the most memory from here; return what is used now."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    return _status("VmRSS")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    faulthandler.enable()
    if sys.argv[1] != "remove":
        _limit()
    for outcome in trials(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])):
        print(json.dumps(vars(outcome)), flush=True)
