"""The log: whole tracebacks in the console, and the last entries for a report."""

import asyncio

from core.log import Log, log
from core.tasks import spawn


class Console:
    def __init__(self):
        self.written = []

    def __getattr__(self, name):
        return lambda text: self.written.append((name, text))


def failing():
    raise ValueError("no such thing")


def caught() -> Exception:
    try:
        failing()
    except ValueError as error:
        return error
    raise AssertionError


def test_levels_go_to_the_console_with_the_whole_traceback():
    console = Console()
    log = Log()
    log.info("before there is a console")
    log.attach(console)
    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d", cause=caught())
    assert [name for name, _ in console.written] == ["debug", "info", "warn", "error"]
    text = console.written[-1][1]
    assert text.startswith("d\n") and "in failing" in text and text.endswith("ValueError: no such thing")


def test_what_the_worker_wrote_about_an_error_comes_first():
    error = caught()
    error.details = 'Traceback\n  File "worker.py"'
    log = Log()
    log.error("d", cause=error)
    details = log.entries[0][3]
    assert details.index("worker.py") < details.index("in failing")


def test_only_the_last_entries_are_kept():
    log = Log(limit=3)
    for number in range(5):
        log.info(str(number))
    assert [message for _, _, message, _ in log.entries] == ["2", "3", "4"]


def test_a_report_has_times_levels_messages_and_indented_details():
    times = iter([1.0, 62.5])
    log = Log(now=lambda: next(times))
    log.info("started")
    log.error("failed", cause=caught())
    first, second, *details = log.report().split("\n")
    assert first == "     1.000 s  info     started"
    assert second == "    62.500 s  error    failed"
    assert details and all(line.startswith(" " * 14) for line in details)


def test_a_task_that_fails_is_logged_and_gives_none(logged):
    async def work():
        failing()

    async def run():
        return await spawn(work())

    assert asyncio.run(run()) is None
    assert "in failing" in log.entries[-1][3]
    logged.append("A background task failed")


def test_a_task_gives_what_its_coroutine_gives():
    async def run():
        return await spawn(asyncio.sleep(0, "value"))

    assert asyncio.run(run()) == "value"
