"""Photos that are chosen: some files, all of a folder, or one that the camera takes."""

from core.dom import by_id, on
from core.i18n import t

from intake.arrivals import pictures_of


class FilePicker:
    """Passes on what was chosen."""

    def __init__(self, intake, notice):
        """`intake` is the `Intake`, `notice` the `Notice`."""
        self._intake, self._notice = intake, notice
        self._folder = by_id("folder")
        for picker in (by_id("photo"), by_id("camera")):
            on(picker, "change", lambda event: self._take(event.target))
            self._take(picker)  # photos may have been chosen before Python was running
        on(self._folder, "change", lambda event: self._take_folder())

    def _take(self, picker):
        files = list(picker.files)
        if files:
            picker.value = ""  # otherwise choosing the same photo again would go unnoticed
            self._intake.take(files)

    def _take_folder(self):
        files = pictures_of(list(self._folder.files))
        self._folder.value = ""
        if files:
            self._intake.take(files)
        else:
            self._notice.info(t("arrivals.folder"))
