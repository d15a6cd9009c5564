"""Python code as the browser wants it: slim wheels, compiled beforehand, and the engine as one file."""
