"""The complete static site: sources, fetched files, models, licences and the list of them all."""

from tools.site.assembly import build

__all__ = ["build"]
