"""Names of saved files: the photo's own with what was made of it, as any file system takes them."""

MAX_BYTES = 120
"""Longest stem in bytes of UTF-8.

File systems allow 255 for a whole name, some that encrypt it 143, and browsers add ` (1)`.
"""

SUFFIXES = ("-cutout", "-white", "-mask", "-sheet")
"""What may have been made of a photo. A file that is opened again does not get one twice."""

_RESERVED = '\\/:*?"<>|'
_DEVICES = ("con", "prn", "aux", "nul") + tuple(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))
# Right-to-left marks and the like: they can make `gnp.exe` look like `exe.png`.
_INVISIBLE = (
    (0x061C, 0xFEFF) + tuple(range(0x200E, 0x2010)) + tuple(range(0x202A, 0x202F)) + tuple(range(0x2060, 0x2070))
)
_JOINER = 0x200D
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


PLACES = "[name]", "[number]"
"""What a pattern may have places for: the photo's name without its ending, and its place in a batch, from 1 on."""

_OF_PICTURES = ("-cutout", "-white")  # that a pattern stands for


def file_name(photo_name, suffix, extension, pattern="", number=1):
    """Return the name of a saved file: `photo.jpg` becomes `photo-cutout.png`, with the pattern `shop [name]` it
    becomes `shop photo.png`.

    Args:
        photo_name: of the photo's file, in any script and of any length.
        suffix: one of `SUFFIXES`.
        extension: of the saved file, without the dot.
        pattern: a text with some of `PLACES`; empty for the photo's name and the suffix.
        number: of the photo in its batch.
    """
    stem = _cleaned(_without_extension(photo_name))
    again = [known for known in SUFFIXES if stem.endswith(known)]
    if again:
        stem = stem[: -len(again[0])]
    if pattern:
        stem = _cleaned(pattern.replace(PLACES[1], str(number)).replace(PLACES[0], stem))
        suffix = "" if suffix in _OF_PICTURES else suffix
    stem = _shortened(stem).strip(" .") or "photo"
    if stem.split(".")[0].lower() in _DEVICES:
        stem = "_" + stem
    return stem + suffix + "." + extension


def folder_path(path):
    """Return the names of the folders of a path such as `shop/shoes`, as any file system takes them."""
    names = [_shortened(_cleaned(name)).strip(" .") for name in path.split("/")]
    return ["_" + name if name.split(".")[0].lower() in _DEVICES else name for name in names if name]


def _without_extension(name):
    """A dot in a date or time is none of an extension: `Screenshot 10.30.15`."""
    at = name.rfind(".")
    end = name[at + 1 :].lower()
    is_extension = at >= 0 and 1 <= len(end) <= 5 and not end.isdigit()
    return name[:at] if is_extension and all(character in _LETTERS for character in end) else name


def _cleaned(name):
    """Replace what some file system does not allow, and leave out what cannot be seen."""
    kept = []
    for character in name:
        code = ord(character)
        if character in _RESERVED or code < 32 or 127 <= code < 160:
            kept.append("_")
        elif code not in _INVISIBLE and not 0xD800 <= code < 0xE000:
            kept.append(character)
    return "".join(kept).strip(" .")


def _shortened(stem):
    """Cut a stem to `MAX_BYTES`, between two characters as people see them."""
    size = count = 0
    for character in stem:
        size += len(character.encode())
        if size > MAX_BYTES:
            break
        count += 1
    else:
        return stem
    while count and (_continues(ord(stem[count])) or ord(stem[count - 1]) == _JOINER):
        count -= 1
    return stem[:count]


def _continues(code):
    """Whether a character belongs to the one before: an accent, a vowel sign, a part of an emoji."""
    return (
        code == _JOINER
        or 0x0300 <= code < 0x0370
        or 0x0591 <= code < 0x05C8
        or 0x064B <= code < 0x0660
        or 0x093A <= code < 0x0950
        or 0x0E31 <= code < 0x0E4F
        or 0x1160 <= code < 0x1200
        or 0x1AB0 <= code < 0x1B00
        or 0x20D0 <= code < 0x2100
        or 0x3099 <= code < 0x309B
        or 0xFE00 <= code < 0xFE10
        or 0x1F3FB <= code < 0x1F400
    )
