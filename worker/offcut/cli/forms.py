"""What a request to the server carries: a photo and values, by the names of rembg's server."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from offcut.cli.failures import CommandError
from offcut.cli.settings import extras

SWITCHES = {
    "a": "alpha_matting",
    "om": "only_mask",
    "ppm": "post_process_mask",
    "dc": "decontaminate",
    "vm": "vitmatte",
    "putalpha": "putalpha",
}
NUMBERS = {
    "af": "alpha_matting_foreground_threshold",
    "ab": "alpha_matting_background_threshold",
    "ae": "alpha_matting_erode_size",
    "quality": "quality",
    "refine": "refine",
}
TEXTS = {"model": "model", "preset": "preset", "format": "format", "background": "background"}
"""Names in a request, and those of `offcut.remove`. The short ones are rembg's, the long ones ours."""

YES = frozenset({"1", "true", "on", "yes", "t", "y"})
NO = frozenset({"", "0", "false", "off", "no", "f", "n"})


def read_form(content_type: str, body: bytes, query: str) -> tuple[bytes, dict[str, str]]:
    """Take a request apart.

    Args:
        content_type: of the body, a form with the file ``file``, or the photo itself.
        body: the whole body.
        query: what follows the question mark in the address.

    Returns:
        The bytes of the photo, and the values as they were written. The form's go before the address's.

    Raises:
        CommandError: there is no photo in it.
    """
    values = dict(parse_qsl(query, keep_blank_values=True))
    header = _header(f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace"))
    if header.get_content_type() != "multipart/form-data":
        photo = body
    else:
        boundary = str(header.get_param("boundary") or "")
        parts = dict(_parts(body, boundary.encode("latin-1", "replace")))
        photo = parts.pop("file", b"")
        values |= {name: data.decode("utf-8", "replace") for name, data in parts.items()}
    if not photo:
        raise CommandError("There is no photo in the request. Send it as the body, or as the file `file` of a form.")
    return photo, values


def read_values(values: dict[str, str]) -> dict[str, Any]:
    """Return the arguments of `offcut.remove` that the values of a request mean.

    Raises:
        CommandError: a value is no such thing, or a name is not known.
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        text = value.strip()
        if name in SWITCHES:
            if text.lower() not in YES | NO:
                raise CommandError(f"{name} is true or false, and not {text!r}.")
            found[SWITCHES[name]] = text.lower() in YES
        elif name in NUMBERS and text:
            found[NUMBERS[name]] = _number(name, text)
        elif name in TEXTS and text:
            found[TEXTS[name]] = text
        elif name == "bgc" and text:
            found["bgcolor"] = tuple(int(_number(name, part)) for part in text.split(","))
        elif name == "extras":
            found |= extras(text)
            if "model_path" in found:
                raise CommandError("A request cannot name a file of this machine. Name it with `offcut s -m FILE`.")
        elif name not in {*NUMBERS, *TEXTS, "bgc"}:
            known = ", ".join([*TEXTS, *SWITCHES, *NUMBERS, "bgc", "extras"])
            raise CommandError(f"The name {name!r} is not known. Use any of: file, {known}.")
    if found.get("decontaminate") is False:
        del found["decontaminate"]  # rembg's default, where it means that nothing was asked for
    return found


def _number(name: str, text: str) -> float:
    try:
        return float(text) if name == "refine" else int(text)
    except ValueError as error:
        raise CommandError(f"{name} takes numbers, and not {text!r}.") from error


def _header(data: bytes) -> Message:
    return message_from_bytes(data)


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each part. The standard library's parser takes a second for 6 MB."""
    if not boundary:
        return
    edge = b"\r\n--" + boundary
    body = b"\r\n" + body
    start = body.find(edge)
    while start >= 0:
        start += len(edge)
        end = body.find(edge, start)
        if end < 0 or body.startswith(b"--", start):
            return
        head, found, content = body[start:end].partition(b"\r\n\r\n")
        if found:
            name = _header(head.lstrip(b"\r\n") + b"\r\n\r\n").get_param("name", header="content-disposition")
            if isinstance(name, str):
                yield name, content
        start = end
