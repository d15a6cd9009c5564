"""Photos that are chosen: some files, or all of a folder."""

from core.dom import by_id, on
from core.i18n import t

from intake.arrivals import pictures_of


class FilePicker:
    """Passes on what was chosen."""

    def __init__(self, intake, notice):
        """`intake` is the `Intake`, `notice` the `Notice`."""
        self._intake, self._notice = intake, notice
        self._picker, self._folder = by_id("photo"), by_id("folder")
        on(self._picker, "change", lambda event: self._take())
        on(self._folder, "change", lambda event: self._take_folder())
        self._take()  # photos may have been chosen before Python was running

    def _take(self):
        files = list(self._picker.files)
        if files:
            self._picker.value = ""  # otherwise choosing the same photo again would go unnoticed
            self._intake.take(files)

    def _take_folder(self):
        files = pictures_of(list(self._folder.files))
        self._folder.value = ""
        if files:
            self._intake.take(files)
        else:
            self._notice.info(t("arrivals.folder"))
