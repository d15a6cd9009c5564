"""What can go wrong, said so that a person can act on it.

Each class name is stable: code may compare it (`error.name` in JavaScript), people read the message.
"""


class OffcutError(Exception):
    """Base of every error that Offcut raises on purpose. `str(error)` is one or two plain sentences."""

    @property
    def name(self) -> str:
        """The stable name, such as ``"NotAnImageError"``."""
        return type(self).__name__


class EmptyFileError(OffcutError):
    """The file has no bytes."""


class UnreadableFileError(OffcutError):
    """The browser gives no bytes of the file."""


class NotAnImageError(OffcutError):
    """The bytes are of no image format that can be read here."""


class TruncatedImageError(OffcutError):
    """The file begins like an image and then ends early or is damaged."""


class ZeroSizedImageError(OffcutError):
    """The image says that its width or height is zero."""


class ImageTooLargeError(OffcutError):
    """The image has more pixels than can be held in memory here."""


class OptionError(OffcutError):
    """An option has a name or value that is not known."""


class NothingOpenError(OffcutError):
    """There is no photo to edit."""


class WorkDamagedError(OffcutError):
    """What was kept of earlier work is missing or does not fit together."""


class ModelDownloadError(OffcutError):
    """A piece of the model could not be fetched."""


class ModelDamagedError(OffcutError):
    """A piece of the model is not what the catalogue says, also after fetching it again."""


class DownloadCancelledError(OffcutError):
    """A person stopped the download of a model."""


class InferenceError(OffcutError):
    """The network did not run, or gave something that is no alpha."""


class OutOfMemoryError(OffcutError):
    """The device has not enough memory for this photo."""


class HelpError(OffcutError):
    """A click, a box or a painted region cannot be used as it is."""
