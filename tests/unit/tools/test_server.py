"""The static server, over real connections."""

import http.client
from urllib.parse import urlsplit

import pytest

from tools.server import serving


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "site"
    (root / "app").mkdir(parents=True)
    for name in (
        "index.html",
        "m.mjs",
        "s.js",
        "w.wasm",
        "c.toml",
        "p.py",
        "n.whl",
        "j.json",
        "o.webmanifest",
        "style.css",
        "b.bin",
    ):
        (root / name).write_text(name)
    (root / "app/main.py").write_text("page")
    (tmp_path / "outside.txt").write_text("private")
    return root


@pytest.fixture(params=["/", "/some/where/"])
def server(request, folder):
    with serving(folder, request.param) as running:
        yield running


def connect(server):
    return http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=10)


def get(server, path, connection=None):
    connection = connection or connect(server)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.headers, response.read()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("m.mjs", "text/javascript"),
        ("s.js", "text/javascript"),
        ("w.wasm", "application/wasm"),
        ("c.toml", "application/toml"),
        ("p.py", "text/x-python; charset=utf-8"),
        ("n.whl", "application/zip"),
        ("j.json", "application/json"),
        ("o.webmanifest", "application/manifest+json"),
        ("style.css", "text/css"),
        ("b.bin", "application/octet-stream"),
    ],
)
def test_each_file_has_its_type(server, name, kind):
    status, headers, body = get(server, server.prefix + name)
    assert (status, headers["Content-Type"], body) == (200, kind, name.encode())


def test_the_folder_itself_is_its_index(server):
    assert get(server, server.prefix)[2] == b"index.html"
    assert get(server, server.prefix + "?query=1")[2] == b"index.html"


def test_files_in_folders(server):
    assert get(server, server.prefix + "app/main.py")[2] == b"page"


@pytest.mark.parametrize("path", ["nothing.js", "app/", "../outside.txt", "%2e%2e/outside.txt"])
def test_what_is_not_there_is_404(server, path):
    assert get(server, server.prefix + path)[0] == 404


def test_outside_the_prefix_is_404_and_without_its_slash_is_sent_on(folder):
    with serving(folder, "/repo/") as server:
        assert get(server, "/index.html")[0] == 404
        assert get(server, "/repository/index.html")[0] == 404
        # As long as the prefix, so that cutting off its length alone would find the file.
        assert get(server, "/else/index.html")[0] == 404
        status, headers, _ = get(server, "/repo")
        assert (status, headers["Location"]) == (301, "/repo/")


def test_no_headers_that_a_plain_host_would_not_send(server):
    headers = get(server, server.prefix)[1]
    assert headers["Cache-Control"] == "no-cache"
    assert {name.lower() for name in headers} == {
        "server",
        "date",
        "content-type",
        "content-length",
        "last-modified",
        "cache-control",
    }


def test_one_connection_serves_many_requests(server):
    connection = connect(server)
    assert get(server, server.prefix + "p.py", connection)[0] == 200
    kept = connection.sock
    assert get(server, server.prefix + "j.json", connection)[0] == 200
    assert connection.sock is kept is not None


def test_stopping_ends_kept_connections_too(folder):
    server = serving(folder)
    connection = connect(server)
    assert get(server, "/", connection)[0] == 200
    server.stop()
    connection.auto_open = 0
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        get(server, "/", connection)
    with pytest.raises(ConnectionRefusedError):
        get(server, "/")


def test_two_servers_at_once_on_ports_of_their_own(folder):
    with serving(folder) as one, serving(folder) as two:
        assert one.url != two.url
        assert get(one, "/")[0] == get(two, "/")[0] == 200
