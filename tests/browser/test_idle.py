"""The worker ends when nothing is asked of it, and nobody loses anything."""

from tools.server import serving
from visiting import PHOTOS, pixels


def test_an_idle_worker_ends_and_the_next_photo_starts_another(visit, tiny):
    with serving(tiny, "/idle/") as server:
        visitor = visit(server.url).until_isolated().until_ready()
        visitor.choose(PHOTOS / "cat.png").until_done()
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

        assert pixels(visitor.save().path()).shape == (300, 451, 4)  # what is on the page stays
        assert visitor.page.is_hidden("#notice")
        visitor.choose(PHOTOS / "astronaut.png")
        visitor.page.wait_for_selector("#save[download='astronaut-cutout.png']")
        assert visitor.workers()
        visitor.until_alone()
        assert visitor.remove((PHOTOS / "cat.png").read_bytes())["type"] == "image/png"


def test_a_worker_at_work_or_told_to_stay_does_not_end(visit, tiny):
    with serving(tiny, "/busy/") as server:
        visitor = visit(server.url).until_isolated()
        visitor.page.evaluate("offcut.idle = 0.001")  # shorter than any photo takes
        visitor.choose(PHOTOS / "coffee.png").until_done()
        visitor.until_alone()
        visitor.page.evaluate("offcut.idle = 0")
        visitor.choose(PHOTOS / "cat.png")
        visitor.page.wait_for_selector("#save[download='cat-cutout.png']")
        visitor.page.wait_for_timeout(7000)  # longer than the pause between two looks
        assert visitor.workers()
