"""The errors that Offcut raises on purpose. Their messages tell people what to do.

Each class name is stable: code may compare it (`error.name` in JavaScript), people read the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offcut.memory_budget import Plan

BROKEN = "broken"
"""Reason of an error after which what has raised it does not work again, and has to be made anew."""


class OffcutError(Exception):
    """Base of every error that Offcut raises on purpose. `str(error)` is one or two plain sentences."""

    def __init__(self, message: str, reason: str = "", kind: str = "") -> None:
        """Create an error.

        Args:
            message: for people, in English.
            reason: which of several reasons for this error it is, for texts in other languages; may be empty.
            kind: what the message names besides, such as ``"JPEG XL"``; the same in every language.
        """
        super().__init__(message)
        self.reason = reason
        self.kind = kind

    @property
    def name(self) -> str:
        """The stable name, such as ``"NotAnImageError"``."""
        return type(self).__name__


class EmptyFileError(OffcutError):
    """The file has no bytes."""


class UnreadableFileError(OffcutError):
    """The browser cannot read the file."""


class NotAnImageError(OffcutError):
    """The file has no image format that can be read."""


class TruncatedImageError(OffcutError):
    """The image file ends early or is damaged."""


class ZeroSizedImageError(OffcutError):
    """The image has a width or height of zero."""


class ImageTooLargeError(OffcutError):
    """The image has more pixels than fit into memory."""

    def __init__(self, message: str, reason: str = "", kind: str = "", plan: Plan | None = None) -> None:
        """Create an error.

        Args:
            message: as for `OffcutError`.
            reason: ``"device"`` where the image could be worked on in a smaller size; empty otherwise.
            kind: width and height.
            plan: that smaller size.
        """
        super().__init__(message, reason, kind)
        self.plan = plan


class OptionError(OffcutError):
    """An option has an unknown name or value."""


class NothingOpenError(OffcutError):
    """No photo is open."""


class WorkDamagedError(OffcutError):
    """A part of the saved work is missing or damaged."""


class BatchGoneError(OffcutError):
    """A batch, or a photo or result of it, is not on this device any more, or is open in another tab."""


class NoRoomError(OffcutError):
    """There is no room left on the device for what is to be stored."""


class ModelDownloadError(OffcutError):
    """A part of the model could not be downloaded or found."""


class ModelDamagedError(OffcutError):
    """A part of the model is damaged, also after downloading it again."""


class NetworkError(OffcutError):
    """An ONNX file is no network that can be used. `offcut.models.own.checks` has the reasons."""


class CodecDownloadError(OffcutError):
    """The part that reads or writes a format could not be fetched."""


class DownloadCancelledError(OffcutError):
    """The user stopped the download of a model."""


class InferenceError(OffcutError):
    """The network could not run, or its output is not an alpha."""


class OutOfMemoryError(OffcutError):
    """The device has too little memory for this photo."""


class RecipeError(OffcutError):
    """A recipe cannot be used, or has failed."""

    def __init__(
        self, message: str, reason: str = "", kind: str = "", *, line: int = 0, traceback: str = "", printed: str = ""
    ) -> None:
        """Create an error.

        Args:
            message: as for `OffcutError`.
            reason: as for `OffcutError`.
            kind: as for `OffcutError`; empty for the message itself, which names Python's own words.
            line: of the recipe, from 1 on; 0 where it is none in particular.
            traceback: with the recipe's own lines alone; may be empty.
            printed: what the recipe has printed.
        """
        super().__init__(message, reason, kind or message)
        self.line = line
        self.traceback = traceback
        self.printed = printed


class HelpError(OffcutError):
    """A click, a box or a painted region cannot be used as it is."""
