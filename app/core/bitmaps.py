"""Bitmaps in the worker's responses. Each holds memory of the browser until it is closed."""

_NAMES = ("photo", "alpha", "cutout", "picture")


def has_bitmap(response) -> bool:
    """Whether a response brings part of the alpha: the worker's None is `undefined` here, neither None nor false."""
    return hasattr(response.alpha, "width")


def close_bitmaps(response) -> None:
    """Free the bitmaps of a response that is not going to be shown."""
    for name in _NAMES:
        bitmap = getattr(response, name, None)
        if bitmap is not None and hasattr(bitmap, "close"):
            bitmap.close()
    if hasattr(response, "detail"):
        close_bitmaps(response.detail)
