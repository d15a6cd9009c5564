"""What the product promises. A package so that `bench/` can use `bench.scenes`; the tests themselves are plain files."""
