"""What the product promises. A package, so that tests import each other's helpers by absolute names."""
