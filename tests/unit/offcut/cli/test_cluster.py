"""`offcut p --dask`: workers of a cluster in place of processes, and one of them killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.unit.offcut.samples import ROOT, save, scene

COUNT = 60
MIRROR = """
from PIL import ImageOps

def finish(cutout, original, info):
    return ImageOps.mirror(cutout)
"""
PHOTO = save(scene().resize((640, 480)), "PNG")


def offcut(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "offcut", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def cluster(workers):
    """The address of a cluster's scheduler, and the processes of its workers."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.offcut.cli.local_cluster", str(workers)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        cluster = json.loads(running.stdout.readline())
        yield cluster["address"], cluster["processes"]
    finally:
        running.stdin.close()
        running.wait(60)


@pytest.fixture
def photos(tmp_path):
    for number in range(COUNT):
        (tmp_path / "in" / str(number % 3)).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / str(number % 3) / f"{number:03}.png").write_bytes(PHOTO)
    (tmp_path / "in" / "broken.jpg").write_bytes(b"no picture")
    return tmp_path / "in"


def results(folder):
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*.png") if not path.name.startswith(".")
    }


@pytest.mark.skipif(os.name == "nt", reason="no signals to send")
def test_a_worker_that_is_killed_in_the_middle_costs_nothing_and_doubles_nothing(photos, real_models, tmp_path):
    with cluster(2) as (address, processes):
        running = offcut("p", photos, tmp_path / "out", "--models", real_models, "--dask", address, "--json")
        deadline = time.monotonic() + 120
        while len(results(tmp_path / "out")) < 5:
            assert time.monotonic() < deadline and running.poll() is None, running.stderr.read()
            time.sleep(0.01)
        os.kill(processes[0], signal.SIGKILL)
        before = len(results(tmp_path / "out"))
        out, err = running.communicate(timeout=240)
        assert before < COUNT, "killed too late to say anything"
        assert running.returncode == 1, err
        lines = [json.loads(line) for line in out.splitlines()]
        assert sorted(line["photo"] for line in lines) == sorted(str(path) for path in photos.rglob("*.*"))
        assert [line["photo"] for line in lines if line["status"] == "failed"] == [str(photos / "broken.jpg")]

        again = offcut("p", photos, tmp_path / "out", "--models", real_models, "--dask", address)
        assert again.communicate(timeout=120)[1].endswith(
            f"{COUNT + 1} photos: 0 cut out, {COUNT} there already, 1 failed.\n"
        )

        (tmp_path / "mirror.py").write_text(MIRROR)
        finish = ["--models", real_models, "--recipe", tmp_path / "mirror.py"]
        mirrored = offcut("p", photos, tmp_path / "mirrored", *finish, "--glob", "000.png", "--dask", address)
        assert mirrored.wait(120) == 0
    for name, arguments in {"alone": finish[:2], "alone-mirrored": finish}.items():
        assert offcut("i", photos / "0/000.png", tmp_path / f"{name}.png", *arguments).wait(120) == 0
    (found,) = results(tmp_path / "mirrored").values()
    assert found.read_bytes() == (tmp_path / "alone-mirrored.png").read_bytes()
    found = results(tmp_path / "out")
    assert set(found) == {f"{number % 3}/{number:03}.png" for number in range(COUNT)}
    assert {path.read_bytes() for path in found.values()} == {(tmp_path / "alone.png").read_bytes()}


def test_what_a_worker_lacks_is_said_before_anything_is_sent(photos, real_models, tmp_path, monkeypatch):
    from offcut.cli import cluster as code
    from offcut.cli.failures import CommandError

    class Client:
        found = None

        def __init__(self, *arguments, **options):
            pass

        def wait_for_workers(self, count, timeout):
            if not self.found:
                raise TimeoutError

        def run(self, function, *arguments):
            return self.found

        def close(self):
            Client.closed = True

    monkeypatch.setattr("distributed.Client", Client)
    for found, words in [
        ({}, "no workers"),
        ({"tcp://one": ("0.0.1", True, True)}, "has offcut 0.0.1"),
        ({"tcp://one": (code.__version__, False, True)}, "does not see the folder /in"),
        ({"tcp://one": (code.__version__, True, False)}, "does not see the folder /out"),
    ]:
        Client.found, Client.closed = found, False
        with pytest.raises(CommandError, match=words):
            code.Cluster("tcp://scheduler", None, "/in", "/out")
        assert Client.closed


def test_a_scheduler_that_is_not_there_is_said(photos, tmp_path, monkeypatch, capsys):
    from offcut.cli import cluster as code
    from offcut.cli import main

    monkeypatch.setattr(code, "CONNECT_S", 1)
    assert main(["p", str(photos), str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:9"]) == 1
    err = capsys.readouterr().err
    assert "There is no Dask scheduler at tcp://127.0.0.1:9" in err and "Traceback" not in err
    assert main(["p", str(photos), str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:9", "-j", "2"]) == 1
    assert "--workers" in capsys.readouterr().err


def test_a_worker_loads_the_model_once_and_another_order_frees_it(monkeypatch):
    from offcut.cli import cluster as code
    from offcut.cli.work import Job, Order
    from offcut.request import read_request

    started = []

    class Worker:
        class state:  # noqa: N801
            nthreads = 3

    monkeypatch.setattr("distributed.get_worker", lambda: Worker)
    monkeypatch.setattr(Order, "start", lambda order: started.append(order) or (lambda job: (order.threads, job.photo)))
    monkeypatch.setattr(code, "_cutters", {})
    one, two = Order(read_request({})), Order(read_request({"output": "mask"}))
    assert [code.cut_out(order, Job(name, "x")) for order, name in [(one, "a"), (one, "b"), (two, "c")]] == [
        (3, "a"),
        (3, "b"),
        (3, "c"),
    ]
    assert len(started) == 2 and list(code._cutters) == [two]
