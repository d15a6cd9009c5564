"""Offcut's own presets where a package or a checkout has them; a site has them in the page."""

from offcut.editing.look import Look
from offcut.editing.presets import read_project_presets
from offcut.errors import OptionError
from offcut.store.offers import builder


def project_presets() -> dict[str, Look]:
    """Return the looks of Offcut's own presets by id; none where this installation has not got them."""
    folder = builder()
    file = folder / "models" / "presets.toml" if folder else None
    return read_project_presets(file) if file and file.is_file() else {}


def project_preset(id: str) -> Look:
    """Return the look of one of Offcut's own presets. Raises OptionError."""
    looks = project_presets()
    if id not in looks:
        known = f"Use one of: {', '.join(looks)}." if looks else "This installation has none."
        raise OptionError(f"There is no preset {id!r}. {known}")
    return looks[id]
