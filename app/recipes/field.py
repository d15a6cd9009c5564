"""A list of recipes to choose from, for the look of a batch."""

from core.dom import element
from core.i18n import on_language_change, t

from recipes.library import sample_of


def options_of(library):
    """Return pairs of a recipe's name and the text that it is listed with: none, samples, the person's own."""
    samples = [(name, t("recipe." + sample_of(name))) for name in library.samples]
    return [("", t("recipe.none"))] + samples + [(name, name) for name in library.own]


class RecipeField:
    """A `<select>` whose value is a recipe, as settings and looks have it."""

    def __init__(self, select, library):
        self._select, self._library = select, library
        self._given = None  # a recipe that may not be in the library
        library.changed.connect(self._fill)
        on_language_change(self._fill)
        self._fill()

    @property
    def value(self):
        """The chosen recipe, with name and source, or None."""
        name, given = self._select.value, self._given
        if not name:
            return None
        source = self._library.source(name)
        return given if given and given["name"] == name and source is None else {"name": name, "source": source}

    def show(self, recipe):
        """Show a recipe, or None. One that this device does not know is listed as well."""
        self._given = recipe
        self._fill()
        self._select.value = recipe["name"] if recipe else ""

    def _fill(self):
        chosen = self._select.value
        pairs = options_of(self._library)
        if self._given and self._given["name"] not in [name for name, _ in pairs]:
            pairs.append((self._given["name"], self._given["name"]))
        self._select.replaceChildren(*[element("option", text, value=name) for name, text in pairs])
        self._select.value = chosen if chosen in [name for name, _ in pairs] else ""
