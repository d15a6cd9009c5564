"""How much of the runtime has arrived on a first visit."""

from photo.runtime_download import RuntimeDownload

from tests.page.fakes import heard

LISTING = {
    "files": [
        {"path": "py.wasm", "group": "runtime", "bytes": 1000},
        {"path": "py.wasm.gz", "group": "runtime", "bytes": 400, "packs": "py.wasm"},
        {"path": "lib.whl", "group": "runtime", "bytes": 100},
        {"path": "gpu.wasm", "group": "runtime", "bytes": 5000, "optional": True},
        {"path": "late.zip", "group": "runtime", "bytes": 3000, "late": True},
        {"path": "page.css", "group": "app", "bytes": 50},
    ]
}


def test_packed_files_count_as_what_is_transferred_and_optional_and_late_ones_not_at_all():
    arrived = {}
    runtime = RuntimeDownload(lambda: arrived)
    progress = heard(runtime.progress)
    runtime.set_files(LISTING)
    assert progress == []  # nothing has arrived: on a later visit nothing ever does
    arrived["py.wasm"] = 500
    runtime.report()
    arrived["lib.whl"] = 100
    runtime.report()
    assert progress == [("runtime", 200.0, 500), ("runtime", 300.0, 500)]


def test_nothing_is_reported_once_the_runtime_is_running():
    runtime = RuntimeDownload(lambda: {"lib.whl": 1})
    progress = heard(runtime.progress)
    runtime.finish()
    runtime.set_files(LISTING)
    runtime.report()
    assert progress == [] and runtime.is_ready


def test_without_the_list_of_files_there_are_no_figures():
    runtime = RuntimeDownload(lambda: {"lib.whl": 1})
    progress = heard(runtime.progress)
    runtime.set_files(None)
    runtime.report()
    assert progress == []
