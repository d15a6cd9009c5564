"""Drops and pastes: what is opened, what becomes the background, and what is said about the rest."""

from types import SimpleNamespace

import pytest
from intake.arrivals import Arrival, Arrivals, Intake, is_address

from tests.page.fakes import FakeNotice, asynchronous, settle

PNG = "data:image/png;base64,iVBORw0KGgo="


def file(name: str = "image.png", type: str = "image/png") -> SimpleNamespace:
    return SimpleNamespace(name=name, type=type)


class Page:
    """Notes what is done with arrivals."""

    def __init__(self, wants_background: bool = False) -> None:
        self.opened: list[str] = []
        self.batch: list[str] = []
        self.is_open = False  # a batch
        self.backgrounds: list[str] = []
        self.recipes: list[str] = []
        self.networks: list[str] = []
        self.embedded: list[str] = []
        self.notice = FakeNotice()
        self.background_is_wanted = wants_background
        self.intake = Intake(lambda file: self.opened.append(file.name), self, self, self.open_network)
        self.arrivals = Arrivals(self.intake, self, self.notice, self.read_embedded, self.read_folders)

    def open_network(self, file) -> None:
        self.networks.append(file.name)

    def add(self, files) -> None:
        self.batch += [file.name for file in files]

    def has_any(self, files) -> bool:
        return any(file.name.endswith(".svg") for file in files)

    async def drawn(self, files):
        pictures = [file(one.name.replace(".svg", ".png")) for one in files if one.name != "unwanted.svg"]
        return [*pictures]

    def wants_background(self, arrival) -> bool:
        return self.background_is_wanted

    def use_background(self, file, on_success) -> None:
        self.backgrounds.append(file.name)
        on_success()

    def use_recipe(self, file) -> None:
        self.recipes.append(file.name)

    async def read_embedded(self, address: str):
        if "broken" in address:
            raise ValueError(address)
        self.embedded.append(address)
        return file("pasted.png")

    async def read_folders(self, folders):
        return [file for folder in folders for file in folder]

    def take(self, *files, **more) -> None:
        self.arrivals.take(Arrival(files, **more))


@pytest.mark.parametrize(
    ("files", "opened"),
    [
        ([file("a.png")], "a.png"),
        ([file("notes.txt", "text/plain"), file("b.jpg", "image/jpeg")], "b.jpg"),
        ([file("readme", ""), file("IMG_1.HEIC", "")], "IMG_1.HEIC"),
        ([file("notes.txt", "text/plain")], "notes.txt"),  # the engine looks into it and says what it is
    ],
)
def test_one_picture_is_opened_whatever_lies_beside_it(files, opened):
    page = Page()
    page.take(*files)
    assert page.opened == [opened] and page.notice.shown == [] and page.batch == []


@pytest.mark.parametrize(
    "files",
    [
        [file("a.png"), file("b.jpg", "image/jpeg")],
        [file("a.png"), file("b.jpg"), file("notes.txt", "text/plain")],  # what is no picture is refused in the list
        [file("readme", ""), file("photo", "")],
    ],
)
def test_several_pictures_are_a_batch(files):
    page = Page()
    page.take(*files)
    assert page.batch == [file.name for file in files] and page.opened == []


def test_where_there_is_a_batch_one_picture_is_added_to_it():
    page = Page()
    page.is_open = True
    page.take(file("a.png"))
    assert page.batch == ["a.png"] and page.opened == []


@asynchronous
@pytest.mark.parametrize(
    ("names", "opened", "batch"),
    [
        (["logo.svg"], ["logo.png"], []),
        (["unwanted.svg"], [], []),
        (["a.jpg", "logo.svg"], [], ["a.jpg", "logo.png"]),
    ],
)
async def test_drawings_are_drawn_before_they_are_opened(names, opened, batch):
    page = Page()
    page.take(*(file(name) for name in names))
    await settle()
    assert (page.opened, page.batch) == (opened, batch)


@asynchronous
async def test_the_pictures_of_folders_are_a_batch():
    page = Page()
    page.take(file("c.png"), folders=[[file("a.png"), file("Thumbs.db", "")], [file("b.jpg", "image/jpeg")]])
    await settle()
    assert page.batch == ["c.png", "a.png", "b.jpg"] and page.notice.shown == []


@asynchronous
async def test_a_folder_without_pictures_is_said_to_have_none():
    page = Page()
    page.take(folders=[[file("notes.txt", "text/plain")]])
    await settle()
    assert page.batch == page.opened == [] and page.notice.shown == [("info", "There is no picture in this folder.")]


def test_a_picture_for_the_open_tool_becomes_the_background_and_can_be_opened_instead():
    page = Page(wants_background=True)
    page.take(file("chart.png"))
    assert page.backgrounds == ["chart.png"] and page.opened == []
    assert page.notice.shown == [("toast", "chart.png is the background now.")]
    page.notice.action[1]()
    assert page.opened == ["chart.png"]


def test_a_recipe_is_used_and_what_came_with_it_is_opened():
    page = Page(wants_background=True)
    page.take(file("Frame.PY", "text/x-python"))
    assert page.recipes == ["Frame.PY"] and page.opened == page.backgrounds == []
    page = Page()
    page.take(file("a.png"), file("frame.py", ""))
    assert page.recipes == ["frame.py"] and page.opened == ["a.png"]


def test_a_network_is_read_and_what_came_with_it_is_opened():
    page = Page(wants_background=True)
    page.take(file("U2Net.ONNX", ""))
    assert page.networks == ["U2Net.ONNX"] and page.opened == page.backgrounds == []
    page = Page()
    page.take(file("a.png"), file("net.onnx", "application/octet-stream"))
    assert page.networks == ["net.onnx"] and page.opened == ["a.png"]


EXCEL = {"text": "1080\r\n", "html": "<table><td>1080</td></table>", "is_paste": True}


@pytest.mark.parametrize("wants_background", [False, True])
def test_text_pasted_into_a_field_stays_text(wants_background):
    page = Page(wants_background)
    page.take(file(), **EXCEL, is_in_field=True)
    page.take(**EXCEL, is_in_field=True)
    page.take(text="https://example.org/cat.jpg", is_paste=True, is_in_field=True)
    assert page.opened == page.backgrounds == page.notice.shown == []


def test_a_picture_without_text_is_used_wherever_the_focus_is():
    page = Page()
    page.take(file(), is_paste=True, is_in_field=True)
    page.take(file(), html='<img src="https://example.org/a.png">', is_paste=True)  # "Copy image" of a browser
    page.take(file(), text=" \n", html="<p><img></p>", is_paste=True)  # a picture alone, out of a document
    assert page.opened == ["image.png"] * 3 and page.notice.shown == []


@pytest.mark.parametrize("more", [EXCEL, {"text": "A paragraph.", "html": "<p>A paragraph.", "is_paste": True}])
def test_text_with_a_picture_of_it_opens_nothing_by_itself(more):
    page = Page()
    page.take(file(), **more)
    assert page.opened == [] and [kind for kind, _ in page.notice.shown] == ["toast"]
    page.notice.action[1]()
    assert page.opened == ["image.png"]


@pytest.mark.parametrize(
    "text",
    [
        "cat.jpg",
        "/home/me/cat.jpg",
        "C:\\Users\\me\\cat.jpg",
        "file:///home/me/cat.jpg",
        "https://example.org/1",
        "cat.jpg\ndog.jpg",
    ],
)
def test_names_and_addresses_beside_a_picture_are_no_text(text):
    page = Page()
    page.take(file("cat.jpg"), file("dog.jpg"), text=text, is_paste=True)
    assert page.batch == ["cat.jpg", "dog.jpg"]


@pytest.mark.parametrize(
    "more",
    [
        {"uris": "https://example.org/cat.jpg", "html": '<img src="https://example.org/cat.jpg">'},
        {"uris": "https://example.org/", "text": "https://example.org/"},
        {"html": '<meta charset="utf-8"><IMG src="https://lh3.example.org/x">', "is_paste": True},
        {"text": "https://example.org/cat.jpg", "is_paste": True},
        {"text": "www.example.org/cat.jpg"},
        {"text": "blob:https://example.org/1"},
    ],
)
def test_an_address_is_answered_by_why_nothing_is_fetched_and_what_to_do(more):
    page = Page()
    page.take(**more)
    ((kind, text),) = page.notice.shown
    assert kind == "info" and "address" in text and "Save the picture" in text
    assert page.opened == []


@pytest.mark.parametrize(
    "more",
    [
        {"html": f'<meta charset="utf-8"><p><img alt="x" src="{PNG}"></p>', "is_paste": True},
        {"html": f"<img src='{PNG}' width=3>"},
        {"html": f"<img src={PNG}>"},
        {"text": PNG, "is_paste": True},
        {"uris": PNG, "text": PNG},
    ],
)
@asynchronous
async def test_an_embedded_picture_is_opened(more):
    page = Page()
    page.take(**more)
    await settle()
    assert page.embedded == [PNG] and page.opened == ["pasted.png"]


@asynchronous
async def test_a_broken_embedded_picture_is_not_silently_lost():
    page = Page()
    page.take(html='<img src="data:image/png;base64,broken">')
    await settle()
    assert page.opened == [] and len(page.notice.shown) == 1


def test_what_is_no_picture_is_said():
    page = Page()
    page.take(text="Hello")
    page.take(text="see https://example.org for more", is_paste=True)
    assert [kind for kind, _ in page.notice.shown] == ["toast", "toast"]


def test_nothing_at_all_is_nothing():
    page = Page()
    page.take()
    page.take(is_paste=True, html="<p></p>")
    assert page.opened == page.notice.shown == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("https://a.b/c", True), ("HTTP://A.B", True), ("https://a b", False), ("ahttp://", False), ("cat.jpg", False)],
)
def test_addresses(text, expected):
    assert is_address(text) == expected
