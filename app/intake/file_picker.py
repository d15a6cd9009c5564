"""Photos that are chosen."""

from core.dom import by_id, on

from intake.arrivals import likeliest_picture


class FilePicker:
    """Passes on one of the chosen files."""

    def __init__(self, choose):
        """`choose(file, others)` is called with a photo, and how many more came with it and are left."""
        self._picker = by_id("photo")
        self._choose = choose
        on(self._picker, "change", lambda event: self._take())
        self._take()  # a photo may have been chosen before Python was running

    def _take(self):
        files = self._picker.files
        if files.length:
            file, others = likeliest_picture(list(files)), files.length - 1
            self._picker.value = ""  # otherwise choosing the same photo again would go unnoticed
            self._choose(file, others)
