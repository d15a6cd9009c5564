"""What was requested since the page opened, sorted into files of this site and everything else."""

_FILES_BY_ADDRESS = {
    "app/modules.bin?.tar.gz": "app/modules.bin"
}  # the address tells PyScript what it is (app/pyscript.toml)


class RequestLog:
    """The files of this site that were requested, and every other address."""

    def __init__(self) -> None:
        self.files: list[tuple[str, int, str]] = []
        """(path, bytes, group) of each of the site's own files, once each."""
        self.others: list[str] = []
        """Every address that does not belong to a file of this site."""

    @property
    def bytes(self) -> int:
        """Bytes of all the files."""
        return sum(size for _, size, _ in self.files)

    def groups(self) -> list:
        """Return (group, files, bytes) of each group, in the order of first use."""
        names, found = [], {}
        for _, size, group in self.files:
            if group not in found:
                names.append(group)
                found[group] = 0, 0
            files, total = found[group]
            found[group] = files + 1, total + size
        return [(group,) + found[group] for group in names]


def sort_requests(addresses: list, base: str, listing: dict | None, listing_bytes: int):
    """Return the `RequestLog` of these addresses.

    Args:
        addresses: URLs, in any number of copies.
        base: URL of the folder that index.html lies in, with a slash at its end.
        listing: the content of files.json, or None if it is not known: every address is shown as one of no file then.
        listing_bytes: the size of files.json itself.
    """
    known, packed = {}, {}
    if listing is not None:
        known["files.json"] = listing_bytes, "app"
        for file in listing["files"]:
            known[file["path"]] = file["bytes"], file["group"]
            if "packs" in file:
                packed[file["packs"]] = file["path"]
    seen, paths, found = [], [], RequestLog()
    for address in addresses:
        if address in seen or address.startswith(("blob:", "data:")):
            continue
        seen.append(address)
        path = address[len(base) :] or "index.html"
        path = _FILES_BY_ADDRESS.get(path, path)
        if not address.startswith(base) or path not in known:
            found.others.append(address)
        elif path not in paths:
            paths.append(path)
            found.files.append((path,) + known[path])
    # A file that arrived in its packed form was unpacked by the service worker for whoever requested the file itself.
    found.files = [file for file in found.files if packed.get(file[0]) not in paths]
    return found
