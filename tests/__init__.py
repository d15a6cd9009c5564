"""What the product promises. A package so that `bench/` can use `tests.mattes`; the tests themselves are plain files."""
