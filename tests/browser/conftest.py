"""Built sites on plain static servers below a subpath, and Chromium to visit them with.

Choose the cheapest that shows what the test is about:

- `warm`: a page whose engine is up, shared by all tests; no visit at all. Its networks are tiny. `editing` in the
  editor's tests opens a photo there.
- `warm_u2netp`: the same with the real networks, for tests of what they find.
- `profile.visit()`: a visit of one's own in a profile that was here before, with a server that misbehaves on request.
- `visit(server)`, `visit(faulty)`: a first visit, for tests that are about one, or about a browser with other
  abilities.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser import tiny_site
from tests.browser.faulty_server import FaultyServer
from tests.browser.profile import WarmProfile
from tests.browser.visit import PHOTOS, Visit, default_model
from tools import site as site_builder
from tools.browser import VARIABLE, arguments, on_machine
from tools.files import locked
from tools.paths import MODELS
from tools.server import StaticServer, serving

NOT_NEEDED = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),  # Chromium's own pages below its address bar, two for each tab
    # What Playwright switches off; Chromium heeds only the last of such switches.
    *("AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying"),
    *("OptimizationHints", "PaintHolding", "ThirdPartyStoragePartitioning"),
)

SPARING = (
    f"--disable-features={','.join(NOT_NEEDED)}",
    # WebAssembly is compiled a second time, for speed, only where it is long in use: most visits are short.
    "--js-flags=--wasm-tiering-budget=1000000000",
)
"""Switches that save a third of the processor time of a visit."""

LONGEST = ("test_other_browsers.py", "test_other_faults.py", "test_webgpu.py", "test_updates.py")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Use the Chromium that `tools test` found, or this machine's own where pytest was run by itself."""
    given = dict(browser_type_launch_args)
    if path := os.environ.get(VARIABLE) or on_machine():
        given["executable_path"] = path
    return given | {"args": [*given.get("args", []), *arguments(), *SPARING]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: at the end they would keep one of two processes waiting."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The complete site, as `tools build` writes it."""
    return _shared(tmp_path_factory, "built", lambda folder: site_builder.build(folder / "site"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The complete site with two very small networks, for all that the quality of a cutout is not the subject of."""
    return _shared(tmp_path_factory, "tiny", tiny_site.build)


def _shared(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A site that is built once, however many processes share the tests."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, whole = base / name, base / f"{name}.whole"
    with locked(base / f"{name}.lock", "Waiting for the site that another process builds …"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)  # an earlier try may have failed
            folder.mkdir()
            build(folder)
            whole.touch()
    return folder / "site"


@pytest.fixture(scope="session")
def server(tiny: Path) -> Iterator[StaticServer]:
    """The tiny site, below a subpath."""
    with serving(tiny, "/some/where/") as running:
        yield running


@pytest.fixture(scope="session")
def whole_server(built: Path) -> Iterator[StaticServer]:
    """The site with its real networks, below a subpath."""
    with serving(built, "/some/where/") as running:
        yield running


@pytest.fixture
def faulty(tiny: Path) -> Iterator[FaultyServer]:
    """The tiny site on a server that misbehaves on request."""
    with FaultyServer(tiny) as running:
        running.start()
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a server's site for the first time, with its default network chosen already unless `model` names another.

    `scripts` run in the page before its own; `go=False` leaves it to the test to open the page. The other options are
    those of a browser context.
    """
    contexts: list[BrowserContext] = []

    def open_context(
        at: StaticServer, *scripts: str, go: bool = True, model: str | None = "", **options: object
    ) -> Visit:
        context = browser.new_context(**options)
        contexts.append(context)
        chosen = default_model(at.root) if model == "" else model
        visit = Visit(context, at.url, model=chosen, scripts=scripts)
        return visit.go() if go else visit

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def plain(
    playwright: Playwright, browser_type_launch_args: dict, server: StaticServer
) -> Iterator[tuple[Browser, str]]:
    """A browser for which the server has a name of its own, and its address there: without https that is no secure
    context."""
    arguments = dict(browser_type_launch_args)
    arguments["args"] = [*arguments.get("args", []), "--host-resolver-rules=MAP offcut.example 127.0.0.1"]
    browser = playwright.chromium.launch(**arguments)
    yield browser, server.url.replace("127.0.0.1", "offcut.example")
    browser.close()


@pytest.fixture(scope="session")
def profile(browser: Browser, tiny: Path) -> Iterator[WarmProfile]:
    """A profile that has visited the tiny site before; `profile.server` misbehaves on request."""
    with FaultyServer(tiny) as running:
        running.start()
        profile = WarmProfile(browser, running)
        yield profile
        profile.close()


@pytest.fixture(scope="session")
def warm(browser: Browser, tiny: Path) -> Iterator[Visit]:
    """One page of the tiny site whose engine is up, shared by all tests that need no visit of their own."""
    yield from _warm(browser, tiny)


@pytest.fixture(scope="session")
def warm_u2netp(browser: Browser, built: Path) -> Iterator[Visit]:
    """One page with the real networks whose engine is up, shared by the tests of what they find."""
    yield from _warm(browser, built)


def _warm(browser: Browser, root: Path) -> Iterator[Visit]:
    with serving(root, "/some/where/") as running:
        context = browser.new_context()
        yield Visit(context, running.url, model=default_model(root)).go().until_isolated().until_ready()
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
