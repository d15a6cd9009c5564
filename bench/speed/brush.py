"""Measure the brush's latency on a photo of 12 MP, in Chromium, with the built site on this machine.

Run it inside the tools' environment: `.venv/bin/python -m bench.speed.brush`. Pointer-to-paint is the time from the
pointer event's time stamp to the end of the frame that shows it; a stall is a time in which the page does not react.
Both depend on the machine's load. The last column is CPU time of the page's main thread an event, which does not.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.photos import write_photos
from bench.speed.stalls import WATCH
from tools import site
from tools.browser import arguments, find
from tools.server import serving

PAINTS = """() => {
    window.paints = [];
    const after = new MessageChannel();
    let waiting = [];
    after.port1.onmessage = () => {
        for (const was of waiting.splice(0)) paints.push(performance.now() - was);
    };
    // Frame callbacks run before the frame is painted; a message that is sent in one arrives after it.
    document.getElementById("view").addEventListener("pointermove", (event) => {
        if (!event.buttons) return;
        requestAnimationFrame(() => { waiting.push(event.timeStamp); after.port2.postMessage(0); });
    });
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strokes", type=int, default=12)
    parser.add_argument("--photo", type=Path, help="instead of the photo of 12 MP")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        photo = given.photo or write_photos(Path(folder), [12])["12 MP"]
        with serving(site.build(Path(folder) / "site"), "/bench/") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=find() or None, args=arguments())
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(180_000)
            page.add_init_script("localStorage.setItem('offcut-model', 'u2netp')")
            page.goto(server.url)
            page.wait_for_selector("#status[data-state=ready]")
            page.set_input_files("#photo", photo)
            page.wait_for_selector("body[data-state=done]")
            page.wait_for_timeout(8000)  # the full-size cutout comes after the preview
            rows = {
                f"{name}, {zoom}": _strokes(page, softness, key, given.strokes)
                for zoom, key in (("fitted", "0"), ("100 %", "1"))
                for name, softness in (("hard brush", 0), ("soft brush", 100))
            }
            version = browser.version
            browser.close()
    print(f"\n{date.today()}, Chromium {version}, {os.cpu_count()} cores, load {load:.2f} before\n")
    print("| brush | pointer-to-paint, median | 95th percentile | longest stall | work an event | events |")
    print("|---|---|---|---|---|---|")
    for name, (paints, stall, work) in rows.items():
        ranked = sorted(paints)
        print(
            f"| {name} | {statistics.median(ranked):.0f} ms | {ranked[int(len(ranked) * 0.95)]:.0f} ms "
            f"| {stall:.0f} ms | {work:.1f} ms | {len(ranked)} |"
        )


def _strokes(page: Page, softness: int, zoom: str, count: int) -> tuple[list[float], float, float]:
    page.keyboard.press("e")
    page.keyboard.press(zoom)
    page.evaluate(
        """(softness) => {
        for (const [name, value] of [["softness", softness], ["size", 68]]) {
            const slider = document.querySelector(`[data-setting="brush.${name}"]`);
            slider.value = value;
            slider.dispatchEvent(new Event("input", {bubbles: true}));
        }
    }""",
        softness,
    )
    page.wait_for_timeout(1000)
    page.evaluate(PAINTS) if page.evaluate("!window.paints") else page.evaluate("paints.length = 0")
    page.evaluate(WATCH) if page.evaluate("window.stall === undefined") else page.evaluate("stall = 0")
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})

    def work() -> float:
        found = {entry["name"]: entry["value"] for entry in metrics.send("Performance.getMetrics")["metrics"]}
        return found["TaskDuration"] * 1000

    before = work()
    box = page.locator("#view").bounding_box()
    for stroke in range(count):
        turn = stroke * 2.4
        for step in range(40):
            angle = turn + step / 12
            reach = 120 + 3 * step
            place = (
                box["x"] + box["width"] / 2 + reach * math.cos(angle),
                box["y"] + box["height"] / 2 + reach * math.sin(angle),
            )
            page.mouse.move(*place)
            if step == 0:
                page.mouse.down()
            page.wait_for_timeout(12)
        page.mouse.up()
    spent = work() - before
    paints, stall = page.evaluate("[[...paints], stall]")
    page.wait_for_timeout(3000)
    return paints, stall, spent / max(1, len(paints))


if __name__ == "__main__":
    main()
