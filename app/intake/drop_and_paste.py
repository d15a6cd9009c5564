"""Drops and pastes, as plain values for `Arrivals`. app/boot.js reads them, as that can be done only at once."""

import js
from core.dom import document, object_of
from core.i18n import t
from pyscript.ffi import create_proxy, to_js

from intake.arrivals import Arrival
from intake.paths import note_path


def watch(arrivals):
    """Pass on each drop and paste, beginning with those from before Python was running."""

    def take(found):
        arrival = Arrival(
            list(found.files),
            found.text,
            found.html,
            found.uris,
            list(found.folders),
            found.way == "paste",
            found.isInField,
            found.isOnTool,
        )
        if arrival.files or arrival.folders:
            for dialog in document.querySelectorAll("dialog[open]"):
                dialog.close()  # a photo would come behind it
        arrivals.take(arrival)

    js.offcut.arrive = create_proxy(take)
    for found in list(js.offcut.early):
        take(found)
    js.offcut.early = to_js([])


async def read_embedded(address):
    """Return the file of a picture that an address itself holds. Nothing is fetched for it."""
    blob = await (await js.fetch(address)).blob()
    extension = blob.type.split("/")[-1].split("+")[0].replace("jpeg", "jpg") or "png"
    return js.File.new(to_js([blob]), t("arrivals.pasted") + "." + extension, object_of(type=blob.type))


async def read_folders(folders):
    """Return all files in some folders and the folders in them: `FileSystemDirectoryEntry`s of a drop."""
    files, waiting = [], list(folders)
    while waiting:
        reader = waiting.pop(0).createReader()
        entries = list(await _call(reader, "readEntries"))
        while entries:  # it returns some at a time, at last none
            for entry in entries:
                if entry.isDirectory:
                    waiting.append(entry)
                else:
                    file = await _call(entry, "file")
                    note_path(file, entry.fullPath.lstrip("/"))
                    files.append(file)
            entries = list(await _call(reader, "readEntries"))
    return files


async def _call(owner, name):
    """Await a method that takes two callbacks."""
    return await js.Promise.new(getattr(owner, name).bind(owner))
