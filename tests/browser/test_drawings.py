"""SVG drawings are drawn in a size that a person chooses, and nothing that they refer to is fetched."""

import base64

from PIL import Image

from tests.browser.other_origin import OtherOrigin
from tests.browser.test_page import arrive

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 300 200">
<script>fetch("{at}script"); document.title = "changed"</script>
<style>@import url("{at}style"); @font-face {{ font-family: x; src: url({at}font) }} text {{ font-family: x }}</style>
<rect width="300" height="200" fill="#1eb41e" onload="fetch('{at}event')"/>
<image href="{at}image" width="9" height="9"/><image xlink:href="{at}old" width="9" height="9"/><use href="{at}use#a"/>
<circle cx="150" cy="100" r="70" fill="#c81e1e"/><text x="9" y="190">x</text></svg>"""

DRAG = """() => {
    const data = new DataTransfer();
    document.querySelector("#save").dispatchEvent(new DragEvent("dragstart", {bubbles: true, dataTransfer: data}));
    return data.getData("DownloadURL");
}"""
"""Begins to drag the link that saves; gives what lies where it is dropped."""


def test_a_drawing_in_pasted_html_is_drawn_fetches_nothing_and_is_dragged_out(warm, tmp_path):
    page = warm.with_usual_settings().page
    title = page.title()
    with OtherOrigin() as other:
        text = base64.b64encode(DRAWING.format(at=other.url).encode()).decode()
        warm.expecting_a_photo()
        arrive(warm, "paste", "footer", html=f'<p><img alt="" src="data:image/svg+xml;base64,{text}"></p>')
        page.wait_for_selector("#drawing[open]")
        assert page.input_value("#drawing-side") == "2048" and page.inner_text("#drawing-size").startswith(
            "2048 × 1365"
        )
        page.fill("#drawing-side", "330")
        page.click("#drawing-yes")
        warm.until_done()
        warm.save().save_as(tmp_path / "drawn.png")
        assert other.reached == [] and page.title() == title
    picture = Image.open(tmp_path / "drawn.png")
    assert picture.size == (330, 220) and picture.getpixel((165, 110)) == (200, 30, 30, 255)
    kind, name, address = page.evaluate(DRAG).split(":", 2)
    assert (kind, name) == ("image/png", page.get_attribute("#save", "download"))
    assert address.startswith("blob:" + warm.url.split("/some")[0])
