"""Stand-ins for what the editor's logic is given: canvases that note what is drawn, controls without a page."""

from types import SimpleNamespace

from core.signals import Signal
from editor.camera import Camera


class Context:
    """A canvas's context: notes each call, with how it would be drawn."""

    def __init__(self, canvas) -> None:
        self.canvas = canvas
        self.calls: list[tuple] = []

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self.calls.append((name, *arguments))

    def of(self, name: str) -> list[tuple]:
        return [call[1:] for call in self.calls if call[0] == name]


def camera_at_100(width: int = 400, height: int = 300) -> Camera:
    """A camera on a photo of that size, on a canvas of the same size, at 100 %."""
    camera = Camera()
    camera.resize(width, height)
    camera.open(width, height)
    camera.zoom_to(1.0)
    return camera


class Canvas:
    """A canvas element."""

    def __init__(self, width: int = 300, height: int = 150) -> None:
        self.width, self.height = width, height
        self.context = Context(self)

    def getContext(self, kind: str) -> Context:
        return self.context


class Path:
    """A `Path2D`: the places of its lines."""

    def __init__(self) -> None:
        self.places: list[tuple] = []
        self.parts: list[Path] = []

    def moveTo(self, x: float, y: float) -> None:
        self.places.append((x, y))

    lineTo = moveTo

    def addPath(self, path: "Path") -> None:
        self.parts.append(path)


class Bitmap:
    """An `ImageBitmap`."""

    def __init__(self, width: int = 4, height: int = 3) -> None:
        self.width, self.height = width, height
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Timers:
    """Frames and timers that come when a test says so."""

    def __init__(self) -> None:
        self.frames = 0
        self.restarts: dict = {}
        self._frame = None

    def make_frame_request(self, callback):
        self._frame = callback

        def request():
            self.frames += 1

        return request

    def draw(self) -> None:
        self._frame()

    def make_timer(self, callback, milliseconds):
        self._timer = callback
        self.starts = 0

        def restart():
            self.starts += 1

        return restart

    def elapse(self) -> None:
        self._timer()


PLAIN = {
    "edges.grow": 0.0,
    "edges.feather": 0.0,
    "edges.contrast": 0.0,
    "edges.decontaminate": True,
    "edges.traces": 0.03,
    "background.kind": "transparent",
    "background.colour": "#ffffff",
    "background.from": "#ffffff",
    "background.to": "#000000",
    "background.angle": 180.0,
    "background.fit": "cover",
    "background.x": 0.5,
    "background.y": 0.5,
    "background.strength": 0.4,
    "background.depth": False,
    "background.texture": "studio",
    "border.shown": False,
    "border.width": 0.02,
    "border.colour": "#ffffff",
    "shadow.drop": False,
    "shadow.direction": 135.0,
    "shadow.distance": 0.02,
    "shadow.blur": 0.02,
    "shadow.opacity": 0.45,
    "shadow.contact": False,
    "shadow.contact_blur": 0.013,
    "shadow.contact_opacity": 0.5,
    "placement.x": 0.0,
    "placement.y": 0.0,
    "placement.scale": 1.0,
    "placement.rotate": 0.0,
    "canvas.preset": "photo",
    "canvas.fit": "subject",
    "canvas.margin": 0.05,
    "canvas.width": 1080.0,
    "canvas.height": 1350.0,
    "canvas.head_top": 0.1,
    "canvas.head_height": 0.7,
    "canvas.dpi": 0.0,
    "recipe.name": "",
    "recipe.source": "",
}
"""The controls of the settings, as the page has them at first."""

DEFAULTS = {
    "brush.mode": "erase",
    "brush.size": 40.0,
    "brush.softness": 0.3,
    "brush.opacity": 1.0,
    "smart.mode": "smart",
    "smart.size": 90.0,
    "smart.reach": "point",
    "smart.tolerance": 0.1,
    "smart.pixels": 100,
    **PLAIN,
    "sheet.paper": "10x15",
    "save.format": "png",
    "save.output": "cutout",
    "save.size": "full",
    "save.side": 1000.0,
    "save.quality": 90.0,
    "save.limit": 0.0,
}


class FakeControls:
    """The controls of the page, as they are at first."""

    def __init__(self) -> None:
        self.values = dict(DEFAULTS)
        self._signals: dict[str, Signal] = {}

    def changed(self, group: str) -> Signal:
        return self._signals.setdefault(group, Signal())

    def value(self, name: str):
        return self.values[name]

    def put(self, name: str, value, notify: bool = True) -> None:
        self.values[name] = value
        if notify:
            self.move(name, value, False)

    def reset(self, group: str, notify: bool = True) -> None:
        self.values |= {name: value for name, value in DEFAULTS.items() if name.startswith(group + ".")}
        if notify:
            self.changed(group).emit(group, False)

    def move(self, name: str, value, is_moving: bool = False) -> None:
        """A person moves a slider, or chooses."""
        self.values[name] = value
        self.changed(name.split(".", maxsplit=1)[0]).emit(name, is_moving)


def history(*names: str, position: int | None = None, network: str = "fast", revision: int = 0) -> SimpleNamespace:
    """The history in a response."""
    at = len(names) if position is None else position
    return SimpleNamespace(names=list(names), position=at, network=network, revision=revision)


def settings(**groups) -> dict:
    """The settings in a response, as they are at first."""
    return {
        "edges": {"grow": 0, "feather": 0, "contrast": 0, "decontaminate": True, "traces": 0.03},
        "background": {"kind": "transparent"},
        "placement": {"x": 0, "y": 0, "scale": 1, "rotate": 0},
    } | groups


def photo_response(width: int = 400, height: int = 300, is_preview: bool = True, **more) -> SimpleNamespace:
    """The response of `open_photo`, or with `is_preview=False` of `restore_work`."""
    response = SimpleNamespace(
        photo=Bitmap(width // 2, height // 2),
        alpha=Bitmap(width // 2, height // 2),
        width=width,
        height=height,
        history=history(),
        settings=settings(),
    )
    if is_preview:
        response.cutout = Bitmap(width // 2, height // 2)
    for name, value in more.items():
        setattr(response, name, value)
    return response


def composition(width: int = 400, height: int = 300, area=None, placement=(0, 0, 1, 0)) -> SimpleNamespace:
    """The response of `render_composition`; `area` is left, top, width and height on the photo's plane."""
    left, top, across, down = area or (0, 0, width, height)
    window = SimpleNamespace(left=left, top=top, width=across, height=down)
    x, y, scale, rotate = placement
    placed = SimpleNamespace(x=x, y=y, scale=scale, rotate=rotate)
    return SimpleNamespace(picture=Bitmap(), width=width, height=height, window=window, placement=placed)


def changed(*names: str, x: int = 10, y: int = 20, **more) -> SimpleNamespace:
    """The response of an operation that has changed a part of the alpha."""
    response = SimpleNamespace(alpha=Bitmap(6, 8), x=x, y=y)
    if "settings" in more:
        response.settings = more.pop("settings")
    response.history = history(*names, **more)
    return response


def unchanged(*names: str, **more) -> SimpleNamespace:
    """The response of an operation that has changed nothing."""
    return SimpleNamespace(alpha=None, history=history(*names, **more))
