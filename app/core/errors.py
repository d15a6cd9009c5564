"""Errors as the page shows them and as a person can pass them on."""

from core.i18n import t
from core.log import details_of, log
from core.worker_client import EngineError, last_line


def internal_error(error):
    """Make the `EngineError` that is shown for an exception that was not foreseen."""
    details = details_of(error)
    return EngineError("InternalError", t("error.InternalError", detail=last_line(details)), details)


def has_details(error) -> bool:
    """Whether there is more to say about an error than its message."""
    return bool(getattr(error, "details", ""))


def report_of(error, version: str, browser: str) -> str:
    """Return everything that helps to find the cause of an error, as text: it holds no photo and no name of a file."""
    return "\n".join(
        [
            f"Offcut {version}",
            browser,
            "",
            f"{error.name}: {error.message}",
            error.details.strip(),
            "",
            log.report(),
        ]
    )
