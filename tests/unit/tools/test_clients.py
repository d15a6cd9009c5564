"""Asking the registries' clients, and the messages when they fail."""

import base64
import dataclasses
import hashlib
import io
import json
import random
import shutil
import subprocess
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import progress
from tools.errors import ToolError
from tools.fetching import clients
from tools.fetching.lock import load


@pytest.fixture
def package(registry):
    return load(registry.lock)[0]


def answer(monkeypatch, code, stderr="", leave=()):
    commands = []

    def run(command, cwd, **options):
        commands.append(command)
        for name in leave:
            (cwd / name).write_bytes(b"archive")
        return subprocess.CompletedProcess(command, code, "", stderr)

    monkeypatch.setattr(clients.subprocess, "run", run)
    monkeypatch.setattr(clients, "npm_program", lambda: "npm")
    return commands


def test_npm_is_asked_for_exactly_one_version_and_runs_no_scripts(package, tmp_path, monkeypatch):
    folder = tmp_path / "download"
    folder.mkdir()
    commands = answer(monkeypatch, 0, leave=["small-1.0.tgz"])
    assert clients.download(package, folder) == folder / "small-1.0.tgz"
    assert commands[0][:3] == ["npm", "pack", "small@1.0"] and "--ignore-scripts" in commands[0]


def test_pip_is_asked_for_a_wheel_alone_and_for_the_locks_python(registry, tmp_path, monkeypatch):
    registry.replace_in_lock('manager = "npm"', 'manager = "pip"\npip_python = "3.9"')
    folder = tmp_path / "download"
    folder.mkdir()
    commands = answer(monkeypatch, 0, leave=["small-1.0-py3-none-any.whl"])
    clients.download(load(registry.lock)[0], folder)
    command = commands[0]
    assert {"--no-deps", "--only-binary=:all:", "small==1.0"} <= set(command)
    assert command[command.index("--python-version") + 1] == "3.9"


def test_a_failing_client_is_quoted_with_what_to_do(package, tmp_path, monkeypatch):
    folder = tmp_path / "download"
    folder.mkdir()
    answer(monkeypatch, 1, stderr="\n".join(f"line {number}" for number in range(1, 21)))
    with pytest.raises(ToolError) as problem:
        clients.download(package, folder)
    message = str(problem.value)
    assert "small 1.0" in message and "Check the network" in message
    assert "line 20" in message and "line 12\n" not in message


def test_a_client_that_brings_nothing_has_failed_too(package, tmp_path, monkeypatch):
    folder = tmp_path / "download"
    folder.mkdir()
    answer(monkeypatch, 0)
    with pytest.raises(ToolError, match=r"could not download small 1\.0"):
        clients.download(package, folder)


def archive_of(manager):
    """A package that npm or pip takes, large enough not to arrive at once."""
    ballast, stream = random.Random(0).randbytes(400_000), io.BytesIO()
    if manager == "npm":
        members = {"package/package.json": b'{"name": "small", "version": "1.0.0"}', "package/ballast": ballast}
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    else:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("ballast", ballast)
            archive.writestr("small-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0.0\n")
            archive.writestr(
                "small-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
    return stream.getvalue()


class SlowRegistry(BaseHTTPRequestHandler):
    """Either registry, with one package. Half of it is sent, and the rest once that was noticed."""

    def do_GET(self):
        archive, here = self.server.archive, f"http://127.0.0.1:{self.server.server_address[1]}"
        if self.path.endswith((".whl", ".tgz")):
            self.begin(len(archive), "application/octet-stream")
            self.wfile.write(archive[: len(archive) // 2])
            self.wfile.flush()
            self.server.noticed.wait(20)
            self.wfile.write(archive[len(archive) // 2 :])
        elif "/simple/" in self.path:
            link = f'<a href="{here}/small-1.0.0-py3-none-any.whl">small-1.0.0-py3-none-any.whl</a>'
            self.answer(link, "text/html")
        else:
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
            version = {
                "name": "small",
                "version": "1.0.0",
                "dist": {"tarball": f"{here}/small-1.0.0.tgz", "integrity": integrity},
            }
            answer = {"name": "small", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            self.answer(json.dumps(answer), "application/json")

    def answer(self, text, kind):
        self.begin(len(text), kind)
        self.wfile.write(text.encode())

    def begin(self, size, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize("manager", ["npm", "pip"])
def test_a_slow_download_is_measured_while_it_arrives(manager, package, tmp_path, monkeypatch, capsys):
    if manager == "npm" and not shutil.which("npm"):
        pytest.skip("there is no npm here")
    archive = archive_of(manager)
    package = dataclasses.replace(package, manager=manager, version="1.0.0", bytes=len(archive), pip_python="3.9")
    folder = tmp_path / "download"
    folder.mkdir()
    monkeypatch.setattr(progress, "LOG_INTERVAL_S", 0.02)
    report = clients._progress
    with ThreadingHTTPServer(("127.0.0.1", 0), SlowRegistry) as server:
        server.archive, server.noticed = archive, threading.Event()

        def noticing(package, folder):
            text = report(package, folder)
            # Not the first kilobytes: those are npm's description of the package.
            if "MB of 0.4 MB" in text:
                server.noticed.set()
            return text

        monkeypatch.setattr(clients, "_progress", noticing)
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_address[1]}/simple/")
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_address[1]}/")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "127.0.0.1")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        found = clients.download(package, folder)
        server.shutdown()
    assert found.read_bytes() == archive
    # Without a look at the right place the server would have waited in vain.
    assert server.noticed.is_set() and "MB of 0.4 MB, " in capsys.readouterr().out
