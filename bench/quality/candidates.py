"""The candidates: our models, natively and in the browser, and peers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.quality import imgly, ours_browser, ours_native, rembg
from bench.quality.candidate import Candidate, Entry
from offcut.models.catalogue import AUTOMATIC  # after ours_native, which makes the engine importable
from tools import site
from tools.errors import ToolError
from tools.models import build as models_build
from tools.models import catalogue

NATIVE, BROWSER = "native", "browser"
PLACES = (NATIVE, BROWSER)


@dataclass(frozen=True)
class Peer:
    """Another project's package."""

    open: Callable[[], AbstractAsyncContextManager[Candidate]]
    prepare: Callable[[], None] = lambda: None
    """Fetch what it needs besides `vendor/`."""


PEERS = {
    "imgly-small": Peer(functools.partial(imgly.opened, "small"), imgly.fetch_networks),
    "imgly-medium": Peer(functools.partial(imgly.opened, "medium"), imgly.fetch_networks),
    "rembg": Peer(rembg.opened),
    "rembg-u2net": Peer(functools.partial(rembg.opened, "u2net"), functools.partial(rembg.fetch_network, "u2net")),
    "rembg-isnet": Peer(functools.partial(rembg.opened, "isnet"), functools.partial(rembg.fetch_network, "isnet")),
}


@dataclass(frozen=True)
class Ours:
    """One of our models with the engine's options for it."""

    model: str
    options: dict[str, Any]
    stored: str | None = None
    """How the network is stored, where not as the site has it: one of `catalogue.STORED`."""

    def name(self, place: str) -> str:
        """Return its name in the tables."""
        stored = [f"stored={self.stored}"] if self.stored else []
        given = " ".join((self.model, *stored, *(f"{key}={_text(value)}" for key, value in self.options.items())))
        return given if place == NATIVE else f"{given} ({place})"

    def folder(self, build_dir: Path, place: str) -> Path:
        """Return the folder where `prepare` builds it for a place."""
        return build_dir / "-".join(filter(None, ("models" if place == NATIVE else "site", self.stored)))


def ours(models: Sequence[str] | None, options: Sequence[str]) -> list[Ours]:
    """Read `ID[:KEY=VALUE…]` of each model (default: those a site carries by default) and the shared options.

    `stored` is not an option of the engine: it names the variant of the network. `AUTOMATIC` in place of an id stands
    for the automatic choice among those that a site carries by default.
    """
    shared = _read(options)
    if models is None:
        models = [entry.id for entry in catalogue.load().choose(None)]
    split = [text.split(":") for text in models]
    catalogue.load().choose([name for name, *_ in split if name != AUTOMATIC] or None)
    return [_ours(name, shared | _read(own)) for name, *own in split]


def _ours(id: str, options: dict[str, Any]) -> Ours:
    stored = options.pop("stored", None)
    if stored not in (None, *catalogue.STORED):
        raise ToolError(f"A network cannot be stored as {stored!r}; known are {', '.join(catalogue.STORED)}.")
    if stored and id == AUTOMATIC:
        raise ToolError("The automatic choice takes the networks as the site has them, so it has no `stored`.")
    return Ours(id, options, stored)


def choose(chosen: Sequence[Ours], where: Sequence[str], against: Sequence[str], build_dir: Path) -> list[Entry]:
    """Return all candidates: our models natively, in the browser, then the peers. Call `prepare` before opening one."""
    for known, given, what in ((PLACES, where, "place"), (tuple(PEERS), against, "peer")):
        for name in given:
            if name not in known:
                raise ToolError(f"The {what} {name!r} is not known; known are {', '.join(known)}.")
    entries = []
    for place, opened in ((NATIVE, ours_native.opened), (BROWSER, ours_browser.opened)):
        if place in where:
            entries += [
                Entry(one.name(place), functools.partial(opened, one.model, one.options, one.folder(build_dir, place)))
                for one in chosen
            ]
    entries += [Entry(name, PEERS[name].open) for name in against]
    names = [entry.name for entry in entries]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ToolError(f"Named twice: {', '.join(sorted(twice))}.")
    if not entries:
        raise ToolError("There are no candidates: name models or peers.")
    return entries


def networks(chosen: Sequence[Ours]) -> list[str]:
    """Return the ids of the networks that these need; the automatic choice needs all that a site carries by default."""
    ids = [one.model for one in chosen if one.model != AUTOMATIC]
    if len(ids) < len(chosen):
        ids += [entry.id for entry in catalogue.load().choose(None)]
    return ids


def prepare(chosen: Sequence[Ours], where: Sequence[str], against: Sequence[str], build_dir: Path) -> None:
    """Build our models, and the site where it is needed, in `build_dir`; fetch what peers need."""
    # In folders of their own: build/models and build/site may be in use.
    for stored in dict.fromkeys(one.stored for one in chosen):
        alike = [one for one in chosen if one.stored == stored]
        ids = networks(alike)
        if BROWSER in where:
            site.build(
                alike[0].folder(build_dir, BROWSER), ids, built_models=alike[0].folder(build_dir, NATIVE), stored=stored
            )
        else:
            models_build.build(ids, alike[0].folder(build_dir, NATIVE), stored=stored)
    for name in against:
        PEERS[name].prepare()


def _read(pairs: Sequence[str]) -> dict[str, Any]:
    options = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise ToolError(f"{pair!r} is not an option; write KEY=VALUE, such as refine=off.")
        options[key] = _value(value)
    return options


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            pass
    return text


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
