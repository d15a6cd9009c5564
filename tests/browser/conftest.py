"""The built site on a plain static server below a subpath, and Chromium to visit it with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.faulty_server import FaultyServer
from tests.browser.visit import PHOTOS, Visit
from tests.browser.webgpu import build_tiny
from tools import site as site_builder
from tools.browser import arguments
from tools.locking import locked
from tools.paths import MODELS
from tools.server import StaticServer, serving

LONG = (
    "test_first_cutout",
    "test_parity",
    "test_other_browsers",
    "test_page",
    "test_api",
    "test_downloads",
    "test_editor_looks",
    "test_editor_tools",
    "test_graphics",
    "test_missing",
    "test_automatic",
    "test_networks",
    "test_updates",
    "test_panels",
)
"""Modules that take longest, in their order: begun last, one of them would go on alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG)

    items.sort(key=place)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Use the Chromium that `tools test` found."""
    given = dict(browser_type_launch_args)
    if path := os.environ.get("OFFCUT_CHROMIUM"):
        given["executable_path"] = path
    return given | {"args": [*given.get("args", []), *arguments()]}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The complete site, as `tools build` writes it; made once, however many processes share the tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    site = folder / "built" / "site"
    with locked(folder / "built.lock", "Waiting for the site that another process builds …"):
        if not site.exists():
            site_builder.build(site)
    return site


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete site whose only network is a very small one."""
    return build_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[StaticServer]:
    with serving(built, "/some/where/") as running:
        yield running


@pytest.fixture
def faulty(built: Path) -> Iterator[FaultyServer]:
    with FaultyServer(built) as running:
        running.start()
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a URL as somebody who was never here, with every request and message noted."""
    contexts: list[BrowserContext] = []

    def open_context(url: str, *, go: bool = True, model: str = "u2netp", **options) -> Visit:
        context = browser.new_context(**options)
        contexts.append(context)
        return Visit(context, url, go=go, model=model)

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def warm(browser: Browser, server: StaticServer) -> Iterator[Visit]:
    """One visit whose engine is up, shared by the tests of a module that do not need a first visit."""
    context = browser.new_context()
    visit = Visit(context, server.url)
    visit.until_ready()
    yield visit
    context.close()


@pytest.fixture(scope="session")
def native_cutout(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """The same engine on CPython, through its command line: bytes of a photo in, bytes of the result out."""
    folder = tmp_path_factory.mktemp("native")

    def cut(data: bytes, *options: str) -> bytes:
        (folder / "photo").write_bytes(data)
        command = [sys.executable, "-m", "offcut", "i", str(folder / "photo"), str(folder / "cutout.png"), *options]
        environment = os.environ | {"OFFCUT_MODELS": str(MODELS)}
        subprocess.run(command, check=True, env=environment)
        return (folder / "cutout.png").read_bytes()

    return cut


@pytest.fixture(scope="session")
def twelve_megapixels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG of 4000 × 3000 pixels with the detail of a real photo."""
    from PIL import Image

    path = tmp_path_factory.mktemp("photos") / "large.jpg"
    Image.open(PHOTOS / "coffee.png").resize((4000, 3000), Image.Resampling.LANCZOS).save(path, quality=92)
    return path
