"""The worker ends when nothing is asked of it, and nobody loses anything."""

from tests.browser.visit import PHOTOS
from tools.server import serving

CAT = (PHOTOS / "cat.png").read_bytes()


def test_an_idle_worker_ends_and_the_next_photo_starts_another(visit, tiny):
    with serving(tiny, "/idle/") as server:
        visitor = visit(server.url).until_isolated().until_ready()
        visitor.page.evaluate("""() => {
            window.asked = 0;
            window.keep = (event) => { asked++; event.preventDefault(); };
            addEventListener("offcut:idle", keep);
            offcut.idle = 1;
        }""")
        visitor.page.wait_for_function("asked > 1")  # whoever has work in it is asked, and can keep it
        assert visitor.workers()
        visitor.page.evaluate("removeEventListener('offcut:idle', keep)")
        visitor.until_alone()
        assert visitor.remove(CAT)["type"] == "image/png"


def test_a_worker_with_an_open_photo_does_not_end(visit, tiny):
    with serving(tiny, "/busy/") as server:
        visitor = visit(server.url).until_isolated()
        visitor.page.evaluate("offcut.idle = 0.001")  # shorter than any photo takes
        visitor.choose(PHOTOS / "cat.png").until_done()
        visitor.page.wait_for_timeout(7000)  # longer than the pause between two looks
        assert visitor.workers()
