"""The file formats that can be saved, as page and engine name them."""


class FileType:
    """A file format: its name as people write it, the ending of its files, and what it can hold."""

    def __init__(self, title: str, extension: str, transparent: bool, lossy: bool) -> None:
        self.title = title
        self.extension = extension
        self.transparent = transparent
        self.lossy = lossy


FILE_TYPES = {
    "png": FileType("PNG", "png", transparent=True, lossy=False),
    "webp": FileType("WebP", "webp", transparent=True, lossy=True),
    "jpeg": FileType("JPEG", "jpg", transparent=False, lossy=True),
    "avif": FileType("AVIF", "avif", transparent=True, lossy=True),
    "tiff": FileType("TIFF", "tif", transparent=True, lossy=False),
}
"""By the name of the option `format`."""
