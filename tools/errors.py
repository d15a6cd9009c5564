"""The one exception the tools raise on purpose."""


class ToolError(Exception):
    """Something a person can act on. Its text is shown as it is, without a traceback."""
