"""Measure ONNX files in onnxruntime-web on WebAssembly, in turns, and in onnxruntime on CPython.

Run it from the root: `.venv/bin/python -m bench.speed.graphs a.onnx b.onnx [--runs 7] [--threads 2]`. Each file has
one input, of `--size` where its shape is free, and runs in a worker of its own in Chromium on the same photo. Prints
medians of wall and CPU time (Linux only; CPU time depends less on other load), ratios to the first file turn by turn,
the difference of the outputs to the first file's, and the ratio to CPython's time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bench.memory import processes
from bench.speed.counting_server import CountingServer
from tools.browser import arguments, find
from tools.paths import ROOT, VENDOR

PHOTO = ROOT / "tests" / "data" / "coffee.png"

PAGE = "<!doctype html><meta charset='utf-8'><title>Graphs</title>"

WORKER = """
import * as ort from "./ort/ort.wasm.min.mjs";
ort.env.wasm.wasmPaths = new URL("ort/", location.href).href;
let session, feeds;
const tasks = {
    async open(place, input, shape, threads, settings) {
        ort.env.wasm.numThreads = threads;
        const [bytes, values] = await Promise.all([`${place}.onnx`, `${place}.bin`].map(
            async (name) => (await fetch(name)).arrayBuffer()));
        const before = performance.now();
        session = await ort.InferenceSession.create(new Uint8Array(bytes), {
            executionProviders: ["wasm"], graphOptimizationLevel: "all", ...settings });
        feeds = { [input]: new ort.Tensor("float32", new Float32Array(values), shape) };
        return (performance.now() - before) / 1000;
    },
    async run() {
        const before = performance.now();
        const outputs = await session.run(feeds);
        const seconds = (performance.now() - before) / 1000;
        return [seconds, Object.values(outputs)[0].data];
    },
};
onmessage = async ({ data: [task, ...given] }) => {
    try {
        postMessage({ answer: await tasks[task](...given) });
    } catch (error) {
        postMessage({ error: String(error?.message ?? error) });
    }
};
"""

ASK = """([place, ...given]) => new Promise((resolve, reject) => {
    window.workers ??= [];
    const worker = workers[place] ??= new Worker("worker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => "error" in data ? reject(new Error(data.error)) : resolve(data.answer);
    worker.onerror = (event) => reject(new Error(event.message ?? "the worker did not start"));
    worker.postMessage(given);
})"""

RUN = f"""async (place) => {{
    const [seconds, values] = await ({ASK})([place, "run"]);
    window.outputs ??= [];
    window.outputs[place] = values;
    return seconds;
}}"""

DIFFERENCE = """(place) => {
    const [first, own] = [outputs[0], outputs[place]];
    if (first.length !== own.length) return null;
    let sum = 0, most = 0;
    for (let i = 0; i < own.length; i++) { const d = Math.abs(first[i] - own[i]); sum += d; most = Math.max(most, d); }
    return [sum / own.length, most];
}"""


@dataclass
class Graph:
    """One file and its measurements."""

    path: Path
    opening: float = 0.0
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """CPU seconds of the page and its workers."""

    native: list[float] = field(default_factory=list)
    difference: tuple[float, float] | None = None
    """Mean and maximum difference of the outputs in WebAssembly to the first file's."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="ONNX files with one float32 input each")
    parser.add_argument("--runs", type=int, default=7, help="turns; each file runs once in each (default: 7)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="default: one for each core")
    parser.add_argument(
        "--size",
        type=int,
        nargs=2,
        default=(1024, 704),
        metavar=("WIDTH", "HEIGHT"),
        help="of inputs whose shape is free (default: 1024 704)",
    )
    given = parser.parse_args()
    graphs = [Graph(path) for path in given.files]
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shapes = _write_files(folder, graphs, given.size)
        with CountingServer(folder) as server, sync_playwright() as play:
            server.start()
            browser = play.chromium.launch(executable_path=find() or None, args=arguments())
            page = browser.new_page()
            page.set_default_timeout(0)
            page.goto(server.url)
            _measure(page, graphs, shapes, given.runs, given.threads)
            version = browser.version
            browser.close()
        _natively(graphs, shapes, given.runs, given.threads)
    print(
        f"\n{date.today()}, Chromium {version}, {os.cpu_count()} cores, {given.threads} threads, "
        f"load {load:.2f} before, {os.getloadavg()[0]:.2f} after, {given.runs} turns; medians (least to most)\n"
    )
    _print(graphs)


def _write_files(folder: Path, graphs: list[Graph], free: tuple[int, int]) -> list[tuple[str, list[int]]]:
    """Write the server's files. Return each input's name and shape."""
    (folder / "ort").symlink_to(VENDOR / "onnxruntime-web")
    (folder / "index.html").write_text(PAGE)
    (folder / "worker.mjs").write_text(WORKER)
    found = []
    for place, graph in enumerate(graphs):
        (folder / f"{place}.onnx").symlink_to(graph.path.resolve())
        value = onnx.load(graph.path).graph.input[0]
        sides = value.type.tensor_type.shape.dim
        shape = [side.dim_value or instead for side, instead in zip(sides, (1, 3, *free[::-1]), strict=True)]
        found.append((value.name, shape))
        _picture(found[-1][1]).tofile(folder / f"{place}.bin")
    return found


def _picture(shape: list[int]) -> np.ndarray:
    """Return the photo as a network's input, -0.5 to 0.5. Noise would make whole layers zero."""
    with Image.open(PHOTO) as photo:
        pixels = np.asarray(photo.convert("RGB").resize(shape[:1:-1]), np.float32)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None] / np.float32(255) - np.float32(0.5))


def _measure(page: Page, graphs: list[Graph], shapes: list[tuple[str, list[int]]], runs: int, threads: int) -> None:
    for place, (graph, (name, shape)) in enumerate(zip(graphs, shapes, strict=True)):
        graph.opening = page.evaluate(ASK, [place, "open", place, name, shape, threads, {}])
        page.evaluate(RUN, place)  # the first run also allocates memory
        graph.difference = page.evaluate(DIFFERENCE, place)
    pages = processes.renderers()
    for _ in range(runs):
        for place, graph in enumerate(graphs):
            before = processes.cpu_seconds(pages)
            graph.seconds.append(page.evaluate(RUN, place))
            graph.cpu.append(processes.cpu_seconds(pages) - before)


def _natively(graphs: list[Graph], shapes: list[tuple[str, list[int]]], runs: int, threads: int) -> None:
    sessions = []
    for graph, (name, shape) in zip(graphs, shapes, strict=True):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, 3
        values = _picture(shape)
        session = onnxruntime.InferenceSession(graph.path, options, providers=["CPUExecutionProvider"])
        session.run(None, {name: values})
        sessions.append((session, {name: values}))
    for _ in range(runs):
        for graph, (session, feeds) in zip(graphs, sessions, strict=True):
            before = time.perf_counter()
            session.run(None, feeds)
            graph.native.append(time.perf_counter() - before)


def _print(graphs: list[Graph]) -> None:
    head = [
        "file",
        "MB",
        "opening, s",
        "a run, s",
        "ratio to the first",
        "CPU, s",
        "ratio to the first",
        "difference: mean / max",
        "ratio to native",
    ]
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    first = graphs[0]
    for graph in graphs:
        middle, cpu = statistics.median(graph.seconds), statistics.median(graph.cpu)
        cells = [
            graph.path.name,
            f"{graph.path.stat().st_size / 1e6:.1f}",
            f"{graph.opening:.2f}",
            f"{middle:.3f}",
            _ratio(graph.seconds, first.seconds),
            f"{cpu:.2f}",
            _ratio(graph.cpu, first.cpu),
            "another size" if graph.difference is None else "{:.1e} / {:.1e}".format(*graph.difference),
            f"{middle / statistics.median(graph.native):.2f}",
        ]
        print(f"| {' | '.join(cells)} |")


def _ratio(own: list[float], others: list[float]) -> str:
    found = [one / other for one, other in zip(own, others, strict=True) if other]
    return f"{statistics.median(found):.3f} ({min(found):.3f} to {max(found):.3f})" if found else ""


if __name__ == "__main__":
    main()
