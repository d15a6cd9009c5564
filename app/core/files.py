"""Files that came with the page's modules."""


def read_text(path: str) -> str:
    """Return the whole text of a file in UTF-8, which the build has divided where it is large.

    Its parts are `path`, `path.1`, `path.2` and so on: MicroPython unpacks no more than 65,536 bytes of a file.
    Raises OSError where there is no such file.
    """
    with open(path, "rb") as file:
        parts = [file.read()]
    try:
        while True:
            with open(f"{path}.{len(parts)}", "rb") as file:
                parts.append(file.read())
    except OSError:
        return b"".join(parts).decode()
