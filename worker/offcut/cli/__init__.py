"""The command `offcut` (also `python -m offcut`)."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status (`offcut.cli.command.run`)."""
    try:
        # Imported here, so that Ctrl+C is no traceback in the meantime either.
        from offcut.cli import command
    except KeyboardInterrupt:
        return 130
    return command.run(arguments)
