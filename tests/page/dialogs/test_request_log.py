"""The privacy dialog's list of requests: true sizes, each file once, and everything else as what it is."""

from dialogs.request_log import sort_requests

BASE = "https://site.example/some/where/"
LISTING = {
    "files": [
        {"path": "index.html", "bytes": 100, "group": "app"},
        {"path": "app/modules.bin", "bytes": 50, "group": "app"},
        {"path": "py.wasm", "bytes": 1000, "group": "runtime"},
        {"path": "py.wasm.gz", "bytes": 400, "group": "runtime", "packs": "py.wasm"},
    ]
}


def sort(*addresses, listing=LISTING):
    return sort_requests(addresses, BASE, listing, 321)


def test_each_file_is_listed_once_with_its_size_and_group():
    found = sort(BASE, BASE + "index.html", BASE + "py.wasm", BASE + "py.wasm", BASE + "files.json")
    assert found.files == [("index.html", 100, "app"), ("py.wasm", 1000, "runtime"), ("files.json", 321, "app")]
    assert found.bytes == 1421 and found.others == []
    assert found.groups() == [("app", 2, 421), ("runtime", 1, 1000)]


def test_the_archive_of_the_page_is_known_by_its_address():
    assert sort(BASE + "app/modules.bin?.tar.gz").files == [("app/modules.bin", 50, "app")]


def test_a_file_that_came_packed_counts_only_as_that():
    found = sort(BASE + "py.wasm", BASE + "py.wasm.gz")
    assert found.files == [("py.wasm.gz", 400, "runtime")]


def test_whatever_is_no_file_of_the_site_is_listed_as_an_address():
    others = ["https://elsewhere.example/", BASE + "index.html?photo=1", BASE + "unknown.js"]
    found = sort(BASE, *others)
    assert found.others == others and len(found.files) == 1


def test_what_never_leaves_the_page_is_no_request():
    found = sort("blob:https://site.example/1", "data:text/plain,hello")
    assert found.files == [] and found.others == []


def test_without_the_list_of_files_no_file_is_known():
    assert sort(BASE, listing=None).others == [BASE]
