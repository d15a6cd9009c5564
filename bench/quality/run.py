"""`quality`: run every candidate on every photo and compare the alphas with the truth."""

from __future__ import annotations

import asyncio
import io
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.quality import candidates, earlier_results, edges, machine, photos, report, scores, sheet
from bench.quality.alphas import Alphas
from bench.quality.candidate import Candidate, Entry, Refusal
from bench.quality.photos import Photo
from bench.quality.results import SECONDS, Results
from tools.fetching.fetch import fetch
from tools.files import write_file
from tools.models.catalogue import requested
from tools.paths import shown
from tools.progress import show_progress


def quality(
    folder: Path,
    out: Path,
    *,
    limit: int | None = None,
    models: Sequence[str] | None = None,
    options: Sequence[str] = (),
    where: Sequence[str] = (candidates.NATIVE,),
    against: Sequence[str] = (),
    keep_peers: bool = False,
) -> int:
    """Evaluate on the photos in `folder` and write tables, figures and contact sheets to `out`.

    With `keep_peers` figures of peers are reused from an earlier run in `out`, if it had all of these photos.
    """
    found = photos.find(folder, limit)
    chosen = candidates.ours(models, options)
    with tempfile.TemporaryDirectory(prefix="offcut-quality-") as build_dir:
        entries = candidates.choose(chosen, where, against, Path(build_dir))
        fetch(requested=requested(candidates.networks(chosen)) if chosen else ())
        candidates.prepare(chosen, where, against, Path(build_dir))
        about = machine.described() | {"load before": machine.load()}
        results = Results(found, [entry.name for entry in entries], against[0] if against else entries[0].name)
        alphas = Alphas(out)
        reused = [name for name in against if keep_peers and earlier_results.reuse(out, name, results, alphas)]
        asyncio.run(_evaluate_all([entry for entry in entries if entry.name not in reused], results, alphas))
    about |= {"load after": machine.load()}
    _write(results, about, out)
    return 1 if results.refusals else 0


async def _evaluate_all(entries: list[Entry], results: Results, alphas: Alphas) -> None:
    for number, entry in enumerate(entries, 1):
        print(f"[{number}/{len(entries)}] {entry.name} …", flush=True)
        await _evaluate(entry, results, alphas)


async def _evaluate(entry: Entry, results: Results, alphas: Alphas) -> None:
    done = 0
    with show_progress(lambda: f"{done} of {len(results.photos)} photos"):
        async with entry.open() as candidate:
            for photo in results.photos:
                await _score(candidate, entry.name, photo, results, alphas)
                done += 1
            # The load is recorded for each candidate, because it changes between them.
            results.settings[entry.name] = f"{await candidate.setting()}, load {machine.load()}"


async def _score(candidate: Candidate, name: str, photo: Photo, results: Results, alphas: Alphas) -> None:
    started = time.perf_counter()
    try:
        alpha = await candidate.alpha(photo.image)
        took = time.perf_counter() - started
        figures = scores.score(alpha, photo)
    except (Refusal, ValueError) as error:
        results.refusals.append((photo.key, name, str(error)))
        print(f"  {photo.key} is left out: {error}", flush=True)
        return
    alphas.save(photo, name, alpha)
    results.add(photo, name, figures | {SECONDS: took})


def _write(results: Results, about: dict[str, str], out: Path) -> None:
    text = report.markdown(results, about)
    write_file(out / "quality.md", text.encode())
    figures = json.dumps(report.figures(results, about), ensure_ascii=False, indent=1)
    write_file(out / "quality.json", (figures + "\n").encode())
    alphas = Alphas(out)
    for name, group in results.sets():
        if group:
            errors = {
                photo.key: {each: results.figures[photo.key][each]["mae"] for each in results.candidates}
                for photo in group
            }
            for draw, suffix in ((sheet.draw, ""), (edges.draw, "-edges")):
                drawn = io.BytesIO()
                draw(group, results.candidates, alphas.open, errors).save(drawn, "PNG")
                write_file(out / f"{name.replace('/', '-')}{suffix}.png", drawn.getvalue())
    print(f"\n{text}\nAlso in {shown(out.resolve())}/, with every photo's figures and contact sheets.", flush=True)
