"""When Python does not come up, the page still says something."""

import pytest


@pytest.mark.nightly
def test_a_start_that_takes_long_is_explained(visit, faulty):
    python = faulty.hold("micropython.wasm")
    visitor = visit(faulty, go=False, service_workers="block")
    visitor.page.clock.install()
    visitor.go()
    visitor.page.wait_for_selector("#photo", state="attached")
    assert visitor.page.is_hidden("#slow")
    visitor.page.clock.fast_forward(61_000)
    visitor.page.wait_for_selector("#slow:not([hidden])")
    assert "taking long" in visitor.page.inner_text("#slow")
    visitor.page.clock.resume()
    python.set()
    visitor.until_ready()
    assert visitor.page.is_hidden("#slow")
