"""Measure the page from navigation to the saved cutout, in Chromium, with the built site on this machine.

Run it inside the tools' environment: `.venv/bin/python -m bench.speed.first_cutout --runs 5 [--sizes 2,12,24,64]`.
Prints medians with their range. Memory is the peak of page and worker during one cutout (Linux only).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.memory import processes
from bench.photos import write_photos
from bench.speed.stalls import WATCH
from tools import site
from tools.browser import arguments, find
from tools.server import serving

UNTIL = """(selector) => new Promise((done) => {
    const check = () => {
        if (!document.querySelector(selector)) return;
        changes.disconnect();
        done(performance.now());
    };
    const changes = new MutationObserver(check);
    changes.observe(document, { subtree: true, childList: true, attributes: true });
    check();
})"""
"""JavaScript that resolves with the milliseconds at which an element appears. Polling would be up to 0.5 s late."""

CODE_CACHE_MS = 4000
"""Time after which the browser has written its compiled WebAssembly to the code cache."""

READY = "#status[data-state=ready]"
SEEN = "#original[width]:not([width='0'])"
"""The photo on the page while it is processed."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--model", default="u2netp", help="id in the catalogue (default: u2netp)")
    parser.add_argument("--sizes", default="2,12", help="in megapixels, any of 2, 12, 24, 64 (default: 2,12)")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    runs, model = given.runs, given.model
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        photos = write_photos(Path(folder), sizes)
        built = site.build(Path(folder) / "site")
        with serving(built, "/bench/") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=find() or None, args=arguments())
            seen: dict[str, list[float]] = {}
            for _ in range(runs):
                for name, value in _visit(browser, server.url, photos, model).items():
                    seen.setdefault(name, []).append(value)
            version = browser.version
            browser.close()
    print(
        f"\n{date.today()}, Chromium {version}, {os.cpu_count()} cores, load {load:.2f} before, {runs} runs, {model}\n"
    )
    print("| what | median | least to most |\n|---|---|---|")
    for name, values in seen.items():
        print(f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} to {max(values):.2f} |")


def _visit(browser: Browser, url: str, photos: dict[str, Path], model: str) -> dict[str, float]:
    context = _context(browser, model)
    page = context.new_page()
    found = {
        "drop on a page that has just opened, to the photo on screen, s": _early_drop(
            page, url, next(iter(photos.values()))
        )
    }
    context.close()
    context = _context(browser, model)
    page = context.new_page()
    # Counted from the reload that isolation needs; the first load before it is short but not free.
    found["cold: engine ready, s"] = _ready(page, url)
    page.wait_for_timeout(CODE_CACHE_MS)  # a visitor stays longer than that
    page.goto("about:blank")
    found["warm: engine ready, s"] = _ready(page, url)
    page.wait_for_timeout(CODE_CACHE_MS)
    page.goto("about:blank")
    found["the visit after that: engine ready, s"] = _ready(page, url)
    page.evaluate(WATCH)
    for name, photo in photos.items():
        found |= _photo(page, name, photo)
    context.close()
    return found


def _context(browser: Browser, model: str) -> BrowserContext:
    context = browser.new_context()
    context.add_init_script(f"localStorage.setItem('offcut-model', {model!r})")
    context.add_init_script(f"({UNTIL})({READY!r}).then((when) => {{ window.readyAt = when; }})")
    context.set_default_timeout(600_000)
    return context


def _early_drop(page: Page, url: str, photo: Path) -> float:
    page.goto(url, wait_until="commit")
    page.wait_for_function("crossOriginIsolated && document.readyState !== 'loading'")  # a first visit reloads once
    before = page.evaluate("performance.now()")
    page.set_input_files("#photo", photo)
    return (page.evaluate(UNTIL, SEEN) - before) / 1000


def _ready(page: Page, url: str) -> float:
    page.goto(url)
    page.wait_for_selector(READY)
    return page.evaluate("readyAt") / 1000


def _photo(page: Page, name: str, photo: Path) -> dict[str, float]:
    pages = processes.renderers()
    processes.reset_peaks(pages)
    page.evaluate("stall = 0")
    before = page.evaluate("performance.now()")
    page.set_input_files("#photo", photo)
    seen = page.evaluate(UNTIL, SEEN) - before
    took = page.evaluate(UNTIL, f"body[data-state=done] #save[download='{photo.stem}-cutout.png']") - before
    whole = page.evaluate(UNTIL, "#save:not([data-waiting])") - before
    stages = page.evaluate("JSON.parse(JSON.stringify(offcut.seconds))")
    return {
        f"{name}: drop to the photo on screen, s": seen / 1000,
        f"{name}: drop to cutout, s": took / 1000,
        f"{name}: drop to full size and its file, s": whole / 1000,
        **{f"{name}: {stage}, s": seconds for stage, seconds in stages.items()},
        f"{name}: longest stall of the page, ms": page.evaluate("stall"),
        **({f"{name}: peak memory, MB": processes.peak(pages)} if pages else {}),
    }


if __name__ == "__main__":
    main()
