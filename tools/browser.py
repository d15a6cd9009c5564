"""Find a Chromium to test with, or install one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.errors import ToolError

VARIABLE = "OFFCUT_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe")
MANAGERS = {
    "apt-get": (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]),
    "dnf": (["dnf", "install", "-y", "chromium"],),
    "pacman": (["pacman", "-Sy", "--noconfirm", "chromium"],),
    "zypper": (["zypper", "--non-interactive", "install", "chromium"],),
    "apk": (["apk", "add", "chromium"],),
}
PROBE = "from playwright.sync_api import sync_playwright as s\nwith s() as p: p.chromium.launch().close()"


def find() -> str:
    """Return the path of a Chromium; empty where Playwright's own is the one to use."""
    if chosen := os.environ.get(VARIABLE):
        if not Path(chosen).is_file():
            raise ToolError(f"{VARIABLE} names {chosen}, but there is no such file.")
        return chosen
    if (found := on_machine()) is not None:
        return found
    if _playwrights_own():
        return ""
    _install()
    if (found := on_machine()) is not None:
        return found
    raise ToolError(
        "No Chromium was found and none could be installed. Install Chromium or Chrome, "
        f"or name one in the environment variable {VARIABLE}, then run this again."
    )


def arguments() -> list[str]:
    """Return the command-line switches Chromium needs on this machine: its sandbox refuses to run as root."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def on_machine() -> str | None:
    """Return a Chromium or Chrome in one of the usual places."""
    for path in _places():
        # Some distributions put a script there that only tells how to install the real thing.
        if path.is_file() and (os.name == "nt" or _runs(path)):
            return str(path)
    return None


def _places() -> list[Path]:
    if sys.platform == "darwin":
        bases = (Path("/Applications"), Path.home() / "Applications")
        return [base / name for base in bases for name in MAC]
    if os.name == "nt":
        bases = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
        return [Path(base) / name for base in bases if base for name in WINDOWS]
    return [Path(found) for name in NAMES if (found := shutil.which(name))]


def _runs(path: Path) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> bool:
    def starts() -> bool:
        return subprocess.run([sys.executable, "-c", PROBE], capture_output=True).returncode == 0

    if starts():
        return True
    print("No Chromium here: asking Playwright for its own, about 180 MB, to run the browser tests …", flush=True)
    result = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, text=True)
    if result.returncode == 0 and starts():
        return True
    print("Playwright could not bring one that starts here.", flush=True)
    return False


def _install() -> None:
    if sys.platform == "darwin" and shutil.which("brew"):
        print("Installing Chromium with brew …", flush=True)
        subprocess.run(["brew", "install", "--cask", "chromium"], capture_output=True)
        return
    if not sys.platform.startswith("linux"):
        return
    for manager, commands in MANAGERS.items():
        if shutil.which(manager):
            prefix = _privilege()
            if prefix is None:
                return
            print(f"Installing Chromium with {manager} …", flush=True)
            for command in commands:
                # env, because sudo would drop a variable set any other way; nothing may stop to ask a question.
                quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
                result = subprocess.run(
                    [*prefix, *quiet, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL
                )
                if result.returncode != 0:
                    print("\n".join(result.stderr.strip().splitlines()[-5:]), file=sys.stderr, flush=True)
            return


def _privilege() -> list[str] | None:
    """Return the prefix of a command that needs root: nothing for root, sudo if it asks for no password, else None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None
