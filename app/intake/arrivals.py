"""What is dropped or pasted: pictures are opened or become the background, and why anything else is not, is said."""

from core.i18n import t
from core.log import log
from core.tasks import spawn

_SCHEMES = ("http://", "https://", "file://", "ftp://", "blob:", "www.")
_DATA = "data:image/"
_NAMES = (
    "jpg",
    "jpeg",
    "png",
    "webp",
    "gif",
    "tif",
    "tiff",
    "bmp",
    "heic",
    "heif",
    "avif",
    "mpo",
    "jfif",
    "svg",
    "jxl",
)


class Arrival:
    """What one drop or paste holds."""

    def __init__(
        self, files=(), text="", html="", uris="", folders=(), is_paste=False, is_in_field=False, is_on_tool=False
    ):
        """
        Args:
            files: the files, without folders.
            text, html, uris: what it holds as `text/plain`, `text/html` and `text/uri-list`.
            folders: the folders, which are read later.
            is_paste: whether it was pasted; otherwise it was dropped.
            is_in_field: whether a field for text has the focus, or was dropped on.
            is_on_tool: whether it was dropped on the tool for the background.
        """
        self.files, self.text, self.html, self.uris = list(files), text.strip(), html, uris.strip()
        self.folders, self.is_paste = list(folders), is_paste
        self.is_in_field, self.is_on_tool = is_in_field, is_on_tool

    @property
    def is_left_to_field(self):
        """Whether the browser puts its text into a field, which is what is meant, whatever else the clipboard holds."""
        return self.is_in_field and bool(self.text) and (self.is_paste or not self.files)

    @property
    def is_text(self):
        """Whether the person copied text: spreadsheets and text processors add a picture of it to the clipboard.

        False where the text is an address, which belongs to the picture, or only names the files.
        """
        if not self.text or is_address(self.text) or self.text.startswith(_DATA):
            return False
        names = [file.name for file in self.files]
        return any(line.strip().replace("\\", "/").split("/")[-1] not in names for line in self.text.splitlines())

    @property
    def embedded(self):
        """The picture that the text itself holds, as an address that begins with `data:`, or None."""
        for text in (self.text, self.uris):
            if text.startswith(_DATA):
                return text.split()[0]
        start = self.html.find(_DATA)
        if start < 0:
            return None
        quote = self.html[start - 1] if start else ""
        end = self.html.find(quote if quote in ("'", '"') else ">", start)
        return self.html[start : end if end > 0 else len(self.html)].strip()

    @property
    def has_address(self):
        """Whether it holds the address of something elsewhere."""
        return bool(self.uris) or is_address(self.text) or "<img" in self.html.lower()


def is_address(text):
    """Whether a text is an address and nothing else."""
    return text.lower().startswith(_SCHEMES) and len(text.split()) == 1


def is_recipe(file):
    """Whether a file is a recipe, by its name."""
    return file.name.lower().endswith(".py")


def is_network(file):
    """Whether a file is a network, by its name."""
    return file.name.lower().endswith(".onnx")


def likeliest_picture(files):
    """Return the file that is most likely a picture, the first of several; their content decides later."""
    best = files[0]
    for file in files[1:]:
        if _rank(file) < _rank(best):
            best = file
    return best


def pictures_of(files):
    """Return the files whose type or name says that they are pictures."""
    return [file for file in files if _rank(file) <= _NAMED]


_NAMED = 1


def _rank(file):
    kind, name = file.type or "", file.name.lower()
    if kind.startswith("image/"):
        return 0
    if name.split(".")[-1] in _NAMES:
        return _NAMED
    return 2 if kind in ("", "application/octet-stream") else 3


class Intake:
    """Opens one photo in the editor, and makes a batch of several. Where there is a batch, photos are added to it."""

    def __init__(self, choose, batch, drawings, open_network):
        """
        Args:
            choose: `choose(file)` opens a photo in the editor.
            batch: an object with `is_open`, whether there is one, and `add(files)`.
            drawings: an object with `has_any(files)` and the coroutine function `drawn(files)`, which returns the files
                with pictures of the drawings that are among them, without those that a person does not want after all.
            open_network: called with the file of a network.
        """
        self._choose, self._batch, self._drawings, self._open_network = choose, batch, drawings, open_network

    def take(self, files):
        """Take the files that a person has chosen or dropped. Where only one can be a picture, the others are left."""
        files = list(files)
        networks = [file for file in files if is_network(file)]
        if networks:
            self._open_network(networks[0])
            files = [file for file in files if not is_network(file)]
        if len(files) > 1 and len(pictures_of(files)) == 1:
            files = pictures_of(files)
        if self._drawings.has_any(files):
            spawn(self._take_drawn(files))
        else:
            self._place(files)

    async def _take_drawn(self, files):
        self._place(await self._drawings.drawn(files))

    def _place(self, files):
        if len(files) == 1 and not self._batch.is_open:
            self._choose(files[0])
        elif files:
            self._batch.add(files)


class Arrivals:
    """Decides what is done with each."""

    def __init__(self, intake, editor, notice, read_embedded, read_folders):
        """
        Args:
            intake: the `Intake`.
            editor: `wants_background(arrival)`, `use_background(file, on_success)`, and `use_recipe(file)`.
            notice: the `Notice`.
            read_embedded: coroutine function that returns the file of an address that begins with `data:`.
            read_folders: coroutine function that returns all files in some folders.
        """
        self._intake, self._editor, self._notice = intake, editor, notice
        self._read_embedded, self._read_folders = read_embedded, read_folders

    def take(self, arrival):
        """Do what is meant by an `Arrival`."""
        if arrival.is_left_to_field:
            return
        recipes = [file for file in arrival.files if is_recipe(file)]
        if recipes:
            self._editor.use_recipe(recipes[0])
        networks = [file for file in arrival.files if is_network(file)]
        if networks:
            self._intake.take(networks)
        arrival.files = [file for file in arrival.files if not is_recipe(file) and not is_network(file)]
        if (recipes or networks) and not arrival.files and not arrival.folders:
            return
        if arrival.folders:
            spawn(self._place_folders(arrival))
        elif arrival.files:
            self._offer(arrival, lambda: self._place(arrival.files, arrival))
        elif arrival.embedded:
            self._offer(arrival, lambda: spawn(self._place_embedded(arrival)))
        elif arrival.is_in_field:
            return
        elif arrival.is_text:
            self._notice.toast(t("arrivals.text"))
        elif arrival.has_address:
            self._notice.info(t("arrivals.address"))

    def _offer(self, arrival, place):
        """Use the picture, or where it only accompanies text, ask."""
        if arrival.is_paste and arrival.is_text:
            self._notice.toast(t("arrivals.beside_text"), (t("arrivals.use_picture"), place))
        else:
            place()

    def _place(self, files, arrival):
        if not self._editor.wants_background(arrival):
            self._intake.take(files)
            return
        file = likeliest_picture(files)

        def open_instead():
            self._intake.take([file])

        def tell():
            self._notice.toast(t("arrivals.background", name=file.name), (t("arrivals.as_photo"), open_instead))

        self._editor.use_background(file, tell)

    async def _place_folders(self, arrival):
        """Take the pictures of folders, however deep, and the files that came with them."""
        found = arrival.files + pictures_of(await self._read_folders(arrival.folders))
        if found:
            self._intake.take(found)
        else:
            self._notice.info(t("arrivals.folder"))

    async def _place_embedded(self, arrival):
        try:
            file = await self._read_embedded(arrival.embedded)
        except Exception as error:  # whatever is wrong with it
            log.warning("An embedded picture could not be read", cause=error)
            self._notice.info(t("arrivals.text"))
            return
        self._place([file], arrival)
