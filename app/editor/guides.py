"""Lines over the picture where a canvas is fitted to a head: the crown, the chin, and what is allowed for it."""

from core.dom import by_id, element
from core.i18n import t

from editor.guide_lines import lines_of


class Guides:
    """Draws the lines while the camera moves."""

    def __init__(self, camera, frames, controls):
        self._camera, self._controls, self._element = camera, controls, by_id("guides")
        self._drawn = None
        self.allowed = ()
        """The least and the greatest height of the head, as parts of the canvas's height, or nothing."""

        self.eyes = ()
        """The lowest and the highest place of the eyes, as parts of the canvas's height from below, or nothing."""

        frames.ending.connect(self._place)

    def _place(self):
        value, camera = self._controls.value, self._camera
        is_shown = value("canvas.fit") == "head" and value("canvas.preset") not in ("photo", "crop")
        self._element.hidden = not is_shown
        if not is_shown:
            return
        left, top, width, height = camera.area
        ratio, scale = camera.pixel_ratio, camera.scale
        x, y = (left * scale + camera.left) / ratio, (top * scale + camera.top) / ratio
        self._element.style.cssText = (
            f"width:{width * scale / ratio:.1f}px;height:{height * scale / ratio:.1f}px;"
            f"transform:translate({x:.1f}px,{y:.1f}px)"
        )
        lines = lines_of(value("canvas.head_top"), value("canvas.head_height"), self.allowed, self.eyes)
        drawn = [t("place.crown"), t("place.chin"), t("place.eyes"), lines]
        if drawn != self._drawn:
            self._drawn = drawn
            self._element.replaceChildren(element("i", "", class_="upright"), *_drawn(lines))


def _drawn(lines):
    made = []
    for place, kind in lines:
        made.append(element("i", "", class_=kind, style=f"top:{place * 100:.2f}%"))
        if kind not in ("allowed", "eyes_allowed"):
            made.append(element("b", t("place." + kind), style=f"top:{place * 100:.2f}%"))
    return made
