"""What a person can copy of an error."""

from core.errors import has_details, internal_error, last_line, report_of
from core.log import log
from core.worker_client import EngineError


def test_an_unforeseen_error_is_shown_by_its_last_line_and_has_all_of_it_as_details():
    try:
        raise ValueError("no such thing")
    except ValueError as caught:
        error = internal_error(caught)
    assert error.name == "InternalError" and "(ValueError: no such thing)" in error.message
    assert "Traceback" in error.details and has_details(error)


def test_a_refusal_has_no_details():
    assert not has_details(EngineError("NotAnImageError", "This is no image."))
    assert not has_details(None)


def test_the_report_names_version_browser_error_and_what_was_logged():
    log.info("the engine started")
    text = report_of(EngineError("InternalError", "It broke.", "Traceback\n  of the worker"), "0.1.0", "A browser")
    assert text.startswith("Offcut 0.1.0\nA browser\n\nInternalError: It broke.\nTraceback\n  of the worker\n")
    assert "the engine started" in text


def test_the_last_line_skips_empty_ones():
    assert last_line("a\n b\n\n") == "b"
    assert last_line("") == ""
