"""`offcut s`: rembg's addresses and names, for programs of this machine alone."""

import http.client
import io
import json
import threading
import time

import numpy
import pytest
from PIL import Image

from offcut.cli import server as serving
from offcut.cli.form_page import POLICY
from offcut.cli.forms import read_form, read_values
from offcut.cli.server import Server
from offcut.native import RemovalSession, open_engine
from offcut.store.folders import read_folder
from tests.unit.offcut.samples import save, scene

PHOTO = save(scene(), "PNG")


@pytest.fixture
def server(models, runs):
    found = read_folder(models)
    with Server(("127.0.0.1", 0), RemovalSession(open_engine(found), "one"), found, 100_000) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server, method="POST", path="/api/remove", body=None, headers=None):
    """The status, the headers and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, answer.headers, data


def form(photo=PHOTO, **values):
    """The body and the headers of a form as a browser sends it."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in values.items()
    ]
    head = '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + photo + b"\r\n--edge--\r\n"
    return {"body": body, "headers": {"Content-Type": "multipart/form-data; boundary=edge"}}


def opened(data):
    return Image.open(io.BytesIO(data))


def test_a_form_with_a_photo_becomes_a_cutout(server):
    status, headers, data = ask(server, **form())
    assert (status, headers["Content-Type"], opened(data).mode) == (200, "image/png", "RGBA")
    alpha = numpy.asarray(opened(data).getchannel("A"))
    assert alpha[:, 0].min() == 255 and alpha[:, -1].max() == 0


@pytest.mark.parametrize(
    ("values", "mode", "kind"),
    [
        ({"om": "true"}, "L", "PNG"),
        ({"bgc": "255,0,0,255"}, "RGB", "PNG"),
        ({"format": "webp", "model": "two", "a": "on", "af": "200"}, "RGBA", "WEBP"),
        ({"extras": '{"putalpha": true}', "dc": "false", "background": ""}, "RGBA", "PNG"),
    ],
)
def test_rembgs_names_and_ours_say_what_is_made(server, values, mode, kind):
    status, _, data = ask(server, **form(**values))
    assert (status, opened(data).mode, opened(data).format) == (200, mode, kind)


@pytest.mark.parametrize(
    ("values", "kind", "size"),
    [
        ({"preset": "amazon", "format": "", "background": ""}, "JPEG", (2000, 2000)),
        ({"preset": "sticker", "format": "png"}, "PNG", (512, 512)),
    ],
)
def test_a_preset_makes_size_background_and_file_type(server, values, kind, size):
    status, _, data = ask(server, **form(**values))
    assert (status, opened(data).format, opened(data).size) == (200, kind, size)


def test_the_photo_may_be_the_body_and_the_names_in_the_address(server):
    status, _, data = ask(server, path="/api/remove?om=1", body=PHOTO, headers={"Content-Type": "image/png"})
    assert (status, opened(data).mode) == (200, "L")


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        ({"body": b"no picture"}, 400, "not an image"),
        ({"body": b""}, 400, "no photo in the request"),
        (form(photo=b""), 400, "no photo in the request"),
        (form(a="perhaps"), 400, "a is true or false"),
        (form(af="many"), 400, "af takes numbers"),
        (form(bgc="1,2"), 400, "bgcolor"),
        (form(nonsense="1"), 400, "'nonsense' is not known"),
        (form(model="isnet"), 400, "not on this machine: one, two. `offcut d`"),
        (form(model="birefnet-general"), 400, "The nearest is 'isnet'"),
        (form(preset="amazone"), 400, "no preset 'amazone'. Use one of: plain,"),
        (form(preset="amazon", om="1"), 400, "preset and only_mask contradict"),
        (form(vm="true"), 400, "alpha_matting=True"),
        (form(extras='{"sam_prompt": []}'), 400, "putalpha and model_path"),
        (form(extras='{"model_path": "/etc/passwd"}'), 400, "cannot name a file"),
        (form(model="/etc/passwd.onnx"), 400, "not on this machine"),
        (form(model="u2net_custom"), 400, "needs model_path"),
        ({"body": bytes(100_001)}, 413, "--limit"),
        ({"path": "/other", "body": PHOTO}, 404, "/api/remove"),
        ({"method": "GET", "path": "/other"}, 404, "/api/remove"),
        ({"method": "GET", "path": "/api/remove?url=x"}, 400, "fetches no addresses"),
        ({"body": PHOTO, "headers": {"Host": "evil.example"}}, 403, "This server is not"),
        ({"body": PHOTO, "headers": {"Origin": "https://evil.example"}}, 403, "other sites"),
        ({"body": PHOTO, "headers": {"Origin": "null"}}, 403, "other sites"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(server, request_, status, words):
    found, headers, data = ask(server, **request_)
    answer = json.loads(data)
    assert found == status and words in answer["detail"] and answer["error"]
    assert headers["Content-Type"] == "application/json" and "Traceback" not in answer["detail"]
    assert ask(server, **form())[0] == 200, "the server goes on"


def test_its_own_page_may_send_its_form(server):
    own = form()
    own["headers"] |= {"Origin": server.address}
    assert ask(server, **own)[0] == 200


def test_the_page_is_a_form_without_scripts_and_its_policy_lets_it_use_nothing_else(server):
    status, headers, data = ask(server, "GET", "/")
    assert status == 200 and b'action="/api/remove"' in data and b'value="one" selected' in data
    assert b"<option>amazon<option>" in data
    assert b"<script" not in data and headers["Content-Security-Policy"] == POLICY and "default-src 'none'" in POLICY


@pytest.mark.parametrize(("status", "length"), [(411, None), (413, 60_000_000)])
def test_a_body_that_is_refused_may_still_be_sent_and_the_answer_arrives(server, status, length):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.putrequest("POST", "/api/remove")
    connection.putheader(*(("Content-Length", length) if length else ("Transfer-Encoding", "chunked")))
    connection.endheaders()
    time.sleep(0.1)  # the server has answered
    for _ in range(200):
        connection.send(b"x" * 10_000)
    assert connection.getresponse().status == status
    connection.close()


def test_who_comes_when_too_many_wait_is_asked_to_come_again(server):
    taken = 0
    while server.places.acquire(blocking=False):
        taken += 1
    status, headers, _ = ask(server, **form())
    assert (status, headers["Retry-After"], taken) == (503, "2", serving.WAITING + 1)
    for _ in range(taken):
        server.places.release()
    assert ask(server, **form())[0] == 200


def test_several_at_once_are_all_served(server):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(server, **form()))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [status for status, _, _ in answers] == [200] * 5 and len({data for _, _, data in answers}) == 1


def test_it_listens_on_this_machine_alone_unless_it_is_told(offcut, monkeypatch):
    served = []
    monkeypatch.setattr(Server, "serve_forever", lambda self: served.append((self.host, self.is_private)))
    assert offcut("s", "-p", "0")[2][0].startswith("offcut: Serving at http://127.0.0.1:")
    status, _, err = offcut("s", "-p", "0", "--host", "0.0.0.0")
    assert served == [("127.0.0.1", True), ("0.0.0.0", False)]
    assert status == 0 and "Every machine that reaches this address can use it" in err[1]


def test_a_port_that_is_taken_is_said(server, offcut):
    status, _, err = offcut("s", "-p", server.server_port)
    assert status == 1 and "cannot be used" in err[0] and "--port" in err[0]


def test_bytes_of_a_photo_that_look_like_an_edge_of_the_form_stay():
    photo = b"\r\n--edg\r\n\r\n--\r\n--" + bytes(range(256)) + b"\r\n"
    asked = form(photo, om="1")
    found, values = read_form(asked["headers"]["Content-Type"], asked["body"], "ppm=1&om=0")
    assert (found, values) == (photo, {"ppm": "1", "om": "1"})
    assert read_values({"refine": "0.5", "ae": "12", "dc": "1"}) == {
        "refine": 0.5,
        "alpha_matting_erode_size": 12,
        "decontaminate": True,
    }
