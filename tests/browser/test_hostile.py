"""A sample of the files made to do harm, in the page: the engine answers each and stays as it was."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from offcut import errors
from tests.browser.visit import PHOTOS
from tests.hostile.inputs import inputs

COUNT = 200
LARGEST = 1_000_000
"""Bytes of a file: more would only take time to hand over."""

SECONDS = 30
"""On the clock, of a machine that others share; natively it is ten of processor time (tests/unit/offcut/codecs)."""
GOOD_EVERY = 40

TRY = """async (files) => {
    const outcomes = [];
    for (const text of files) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const since = performance.now();
        let result;
        try {
            const blob = await offcut.remove(new Blob([bytes]), {});
            result = blob.type;
        } catch (error) {
            result = error.name;
        }
        outcomes.push([result, (performance.now() - since) / 1000]);
    }
    return outcomes;
}"""


def sample() -> list[tuple[str, bytes]]:
    """Every crafted kind's share, in the order of `inputs`."""
    small = [(given.name, data) for given in inputs() if len(data := given.make()) < LARGEST]
    return small[:: len(small) // COUNT][:COUNT]


def test_two_hundred_hostile_files_leave_the_engine_as_it_was(warm):
    files = sample()
    good = (PHOTOS / "cat.png").read_bytes()
    before = np.asarray(Image.open(io.BytesIO(warm.remove(good)["data"])))
    workers, loads, complaints = warm.workers(), warm.loads, len(warm.complaints)
    refusals = {name for name, value in vars(errors).items() if isinstance(value, type)} - {"OffcutError"}
    wrong, results = {}, set()
    for start in range(0, len(files), GOOD_EVERY):
        some = files[start : start + GOOD_EVERY]
        outcomes = warm.page.evaluate(TRY, [base64.b64encode(data).decode() for _, data in some])
        for (name, _), (result, seconds) in zip(some, outcomes, strict=True):
            results.add(result)
            if result not in refusals | {"image/png"} or seconds > SECONDS:
                wrong[name] = result, seconds
        after = np.asarray(Image.open(io.BytesIO(warm.remove(good)["data"])))
        assert np.array_equal(before, after)
    assert wrong == {}
    assert {"image/png", "TruncatedImageError", "NotAnImageError", "ImageTooLargeError"} <= results
    assert (warm.workers(), warm.loads) == (workers, loads)
    # Libraries complain in the console about what they read; Python and the page must not.
    assert [text for text in warm.complaints[complaints:] if "Traceback" in text or "Uncaught" in text] == []
