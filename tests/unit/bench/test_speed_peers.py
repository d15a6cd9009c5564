"""The server of the comparison with other projects."""

import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from bench.speed.counting_server import CountingServer


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def test_all_answers_share_one_line_and_bytes_are_counted(tmp_path):
    files = {"one.bin": bytes(60_000), "two.bin": bytes(range(250)) * 160}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with CountingServer(tmp_path) as server, ThreadPoolExecutor(2) as pool:
        server.start()
        server.rate = 500_000
        before = time.monotonic()
        answers = list(pool.map(fetch, [server.url + name for name in files]))
        took = time.monotonic() - before
        assert answers == list(files.values())
        assert server.sent == 100_000
        assert took > 0.19  # no faster than the line, however idle the machine


def test_without_a_rate_nothing_is_held_back(tmp_path):
    (tmp_path / "one.bin").write_bytes(bytes(60_000))
    with CountingServer(tmp_path) as server:
        server.start()
        assert fetch(server.url + "one.bin") == bytes(60_000)
