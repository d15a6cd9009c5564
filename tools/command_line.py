"""The commands, their options, and the environment each runs in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tools import environment
from tools.errors import ToolError

DESCRIPTION = """\
Everything a contributor runs. Only Python 3.11 or later is needed: the first run makes an environment of its own
in .venv/, later runs need no network."""
EPILOGUE = """\
Start with `python3 -m tools serve`. Each command explains itself: `python3 -m tools build -h`.
Fetched files and built models are shared between checkouts in a per-user cache; OFFCUT_CACHE moves it."""

FUZZED = ("codecs", "catalogue", "network", "work", "protocol", "presets")
"""The targets of `fuzz` (tools/fuzzing/targets.py)."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands. Each sets `run`, its function, and `needs`, the requirements it runs with."""
    top = argparse.ArgumentParser(
        prog="python3 -m tools",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = commands.add_parser(
        "serve",
        help="fetch, build and open the page on this machine",
        description="Fetches what is missing, builds the site into build/site, serves it on "
        "this machine alone and opens the browser. Its address is the last line printed.",
    )
    serve.add_argument("--port", type=int, default=8000, help="the port, 0 for any free one (default: 8000)")
    serve.add_argument("--no-browser", action="store_true", help="only serve, open nothing")
    serve.set_defaults(run=_serve, needs="build")

    build = commands.add_parser(
        "build",
        help="build the complete static site",
        description="Builds a folder that any static host can serve, below any path.",
    )
    build.add_argument("--out", type=Path, default=Path("site"), help="the folder (default: site)")
    build.add_argument(
        "--models",
        type=_names,
        metavar="ID,ID",
        help="the models of models/catalogue.toml to carry (default: those it builds by default)",
    )
    build.add_argument(
        "--without",
        type=_names,
        default=[],
        metavar="PART",
        help="leave a part out: heic, the decoder of HEIC photos, whose compression is patented",
    )

    build.set_defaults(run=_build, needs="build")

    wheels = commands.add_parser(
        "wheels",
        help="build the Python package, and packages that carry a model",
        description="Builds the wheel of offcut, and for each model a wheel that carries it: with both, pip alone "
        "brings everything that cuts out a photo.",
    )
    wheels.add_argument("--out", type=Path, default=Path("build/wheels"), help="the folder (default: build/wheels)")
    wheels.add_argument(
        "--models", type=_names, default=["u2netp"], metavar="ID,ID", help="models to carry (default: u2netp)"
    )
    wheels.set_defaults(run=_wheels, needs="build")

    test = commands.add_parser(
        "test",
        help="run the static checks and the tests, with whatever they need",
        usage="python3 -m tools test [--fast | --all] [PYTEST_ARGUMENT ...]",
        description="Runs the checks of `lint`, then the unit and page tests, then the browser tests, with everything "
        "they need, a browser included. With arguments for pytest, such as -k server, runs those tests alone.",
    )
    test.add_argument(
        "--fast", action="store_true", help="of the browser tests only those marked smoke; takes two minutes"
    )
    test.add_argument("--all", action="store_true", help="also the tests marked nightly")
    test.add_argument("arguments", nargs="*", metavar="PYTEST_ARGUMENT", help="such as -k server or tests/unit")
    test.set_defaults(run=_test, needs="test")

    fuzz = commands.add_parser(
        "fuzz",
        help="try random changes of what comes from outside, guided by coverage",
        description="Runs atheris on one target until the time is over or an input fails. Inputs that reach new code "
        "are kept in build/fuzz for the next time.",
    )
    fuzz.add_argument(
        "target",
        choices=FUZZED,
        help="image files, the catalogue, networks of one's own, saved work, requests of the page, or files of presets",
    )
    fuzz.add_argument("--seconds", type=int, default=300, metavar="N", help="how long (default: 300)")
    fuzz.add_argument("--input", type=Path, metavar="FILE", help="try only this input, as one that has failed")
    fuzz.set_defaults(run=_fuzz, needs="fuzz")

    lint = commands.add_parser(
        "lint",
        help="run the static checks alone",
        description="Runs ruff, mypy, import-linter, ESLint, zizmor and a check of the workflow's schema.",
    )
    lint.set_defaults(run=_lint, needs="test")

    quality = commands.add_parser(
        "quality",
        help="compare cutouts with photos whose true alpha is known",
        description="Cuts out every photo of a folder, with our models and with peers, and "
        "measures how far each is from the truth.",
    )
    quality.add_argument(
        "--photos",
        type=Path,
        required=True,
        metavar="DIR",
        help="a folder of [KIND/SET/]NAME/{image.*,alpha.png}; a KIND is matte (true alpha) or mask",
    )
    quality.add_argument("--limit", type=int, metavar="N", help="only the first N photos of each set")
    quality.add_argument(
        "--models",
        type=_names,
        metavar="ID,ID",
        help="models of models/catalogue.toml, or auto, each with options of its own where there are any, "
        "as in isnet:refine=off (default: those a site carries by default); "
        "stored=float32, float16 or int8 takes the network with such weights, stored=blocked or "
        "stored=activations in that form",
    )
    quality.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="options",
        help="an option of the engine for all of our models; may be given several times",
    )
    quality.add_argument(
        "--where",
        type=_names,
        default=["native"],
        metavar="PLACE,PLACE",
        help="where our models run: native, browser or both (default: native)",
    )
    quality.add_argument(
        "--against",
        type=_names,
        default=[],
        metavar="PEER,PEER",
        help="imgly-small, imgly-medium, rembg (U²-Net p), rembg-u2net, rembg-isnet; differences are to the first, "
        "or to our first model where there is none",
    )
    quality.add_argument(
        "--assist",
        action="store_true",
        help="measure instead what help from a person gains, with simulated clicks, boxes and strokes",
    )
    quality.add_argument(
        "--keep-peers",
        action="store_true",
        help="take the peers' figures from an earlier run in the same folder, where it has all of these "
        "photos: they are pinned, so they compute the same",
    )
    quality.add_argument(
        "--out",
        type=Path,
        default=Path("build/quality"),
        help="the folder for tables, figures and contact sheets (default: build/quality)",
    )
    quality.set_defaults(run=_quality, needs="quality")

    ranges = commands.add_parser(
        "ranges",
        help="find the ranges of a network's activations, which 8 bits need",
        description="Runs a network over photos and writes models/ranges/, so that a build needs no photos.",
    )
    ranges.add_argument("--photos", type=Path, required=True, metavar="DIR", help="as for quality")
    ranges.add_argument("--models", type=_names, required=True, metavar="ID,ID", help="models with 8-bit activations")
    ranges.add_argument("--count", type=int, default=3, metavar="N", help="photos of each set (default: 3)")
    ranges.set_defaults(run=_ranges, needs="build")

    bench = commands.add_parser(
        "bench",
        help="compare speed and memory with peers",
        description="Cuts out the same photos with our models and with other projects' packages, "
        "in one browser, in turns, and prints medians and ratios.",
    )
    bench.add_argument(
        "--runs", type=int, default=3, metavar="N", help="rounds; everybody has a turn in each (default: 3)"
    )
    bench.add_argument(
        "--models",
        type=_names,
        default=["u2netp", "isnet-768", "isnet"],
        metavar="ID,ID",
        help="our models (default: u2netp,isnet-768,isnet)",
    )
    bench.add_argument(
        "--against",
        type=_names,
        default=["imgly-small", "imgly-medium", "rembg-web"],
        metavar="PEER,PEER",
        help="imgly-small, imgly-medium, rembg-web (default: all)",
    )
    bench.add_argument(
        "--out",
        type=Path,
        default=Path("build/bench"),
        help="the folder for the tables, the plot and the single values (default: build/bench)",
    )
    bench.set_defaults(run=_bench, needs="test")

    fetch = commands.add_parser(
        "fetch",
        help="fetch and verify third-party files into vendor/",
        description="Brings vendor/ to what vendor.lock.toml says, through npm and pip.",
    )
    fetch.add_argument("--check", action="store_true", help="only verify what is on disk, without the network")
    fetch.set_defaults(run=_fetch, needs="build")

    lock = commands.add_parser(
        "lock",
        help="update a third-party package in vendor.lock.toml",
        description="Fetches a package of vendor.lock.toml in another version, shows what changes, and writes version, "
        "members, sizes, hashes and licence into the file.",
    )
    lock.add_argument("name", nargs="?", metavar="NAME", help="the package, as vendor.lock.toml has it")
    lock.add_argument("version", nargs="?", metavar="VERSION", help="the version (default: the newest)")
    lock.add_argument("--outdated", action="store_true", help="only list the packages with a newer version")
    lock.set_defaults(run=_lock, needs="build")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # Everything after `test` is pytest's own; argparse would keep options such as -x or -k for itself.
    if arguments[:1] == ["test"] and arguments[1:] not in (["-h"], ["--help"]):
        options = argparse.Namespace(run=_test, needs="test", arguments=arguments[1:])
    else:
        options = parser().parse_args(arguments)
    try:
        return _run(options)
    except ToolError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = options.run
    if getattr(options, "check", False):
        # Needs nothing but the standard library, so it works before anything was installed.
        return run(options)
    environment.ensure(options.needs)
    if not environment.inside():
        return environment.rerun_inside()
    return run(options)


# Each imports its module when it runs: the modules need the environment, and the first process has none.


def _serve(options: argparse.Namespace) -> int:
    from tools.serve import serve

    return serve(options.port, browser=not options.no_browser)


def _build(options: argparse.Namespace) -> int:
    from tools import site
    from tools.fetching.fetch import fetch
    from tools.models.catalogue import requested

    fetch(requested=requested(options.models))
    site.build(options.out, options.models, without=options.without)
    return 0


def _wheels(options: argparse.Namespace) -> int:
    from tools.fetching.fetch import fetch
    from tools.models.catalogue import requested
    from tools.wheels import wheels

    fetch(requested=requested(options.models) if options.models else ())
    wheels(options.out, options.models)
    return 0


def _test(options: argparse.Namespace) -> int:
    from tools.testing import test

    return test(options.arguments)


def _lint(options: argparse.Namespace) -> int:
    from tools.linting import lint

    return lint()


def _fuzz(options: argparse.Namespace) -> int:
    from tools.fuzzing import run

    return run.again(options.target, options.input) if options.input else run.fuzz(options.target, options.seconds)


def _quality(options: argparse.Namespace) -> int:
    if options.assist:
        from bench.quality.assistance import assistance

        return assistance(options.photos, options.out, limit=options.limit, models=options.models)
    from bench.quality.run import quality

    return quality(
        options.photos,
        options.out,
        limit=options.limit,
        models=options.models,
        options=options.options,
        where=options.where,
        against=options.against,
        keep_peers=options.keep_peers,
    )


def _ranges(options: argparse.Namespace) -> int:
    from tools.fetching.fetch import fetch
    from tools.models.calibration import calibrate
    from tools.models.catalogue import requested

    fetch(requested=requested(options.models))
    calibrate(options.photos, options.models, options.count)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from bench.speed.run import bench

    return bench(options.out, options.runs, options.models, options.against)


def _fetch(options: argparse.Namespace) -> int:
    from tools.fetching import fetch
    from tools.models.catalogue import requested

    if options.check:
        fetch.check()
    else:
        fetch.fetch(requested=requested(None))
    return 0


def _lock(options: argparse.Namespace) -> int:
    from tools.fetching import update

    if options.outdated:
        return update.outdated()
    if not options.name:
        raise ToolError("Name a package of vendor.lock.toml, or ask for --outdated.")
    return update.update(options.name, options.version)


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
