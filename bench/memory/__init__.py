"""Peak memory of whole processes."""
