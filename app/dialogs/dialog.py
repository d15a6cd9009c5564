"""A dialog over the page: a title, a way out, and what its owner puts into it."""

from core.dom import by_id, element, on
from core.i18n import t
from core.tasks import spawn


class Dialog:
    """One `<dialog>` of index.html. `fill()` is awaited each time it opens and puts its content into `body`."""

    def __init__(self, name, title, fill):
        """`name` is the dialog's id and begins the ids of the buttons that open it; `title()` returns its title."""
        self._dialog = by_id(name)
        self._title = title
        self._fill = fill
        self.body = element("div", "", class_="panel-body")
        self._heading = element("h2", "", id=name + "-title")
        self._close = element("button", "×", type="button", class_="quiet")
        self._dialog.append(element("header", "", self._heading, self._close), self.body)
        self._dialog.setAttribute("aria-labelledby", name + "-title")
        on(self._close, "click", lambda event: self._dialog.close())
        on(self._dialog, "click", self._outside)
        for opener in (name + "-open", name + "-open-too"):
            if by_id(opener):
                on(by_id(opener), "click", lambda event: self.open())

    @property
    def is_open(self):
        """Whether it is shown."""
        return self._dialog.open

    def open(self):
        """Show it, with its content as it is now."""
        if not self.is_open:
            self._heading.textContent = self._title()  # each time: the language may have changed
            self._close.setAttribute("aria-label", t("panel.close"))
            self._dialog.showModal()
            self._dialog.scrollTop = 0
            spawn(self._fill())

    def close(self):
        """Put it away."""
        self._dialog.close()

    def show(self, *parts):
        """Put these elements into it instead of what was there."""
        self.body.replaceChildren(*parts)

    def _outside(self, event):
        if event.target == self._dialog:  # the dialog itself is only hit where it is backdrop
            self._dialog.close()


def section(title, *parts):
    """A heading and what belongs to it."""
    return element("section", "", element("h3", title), *parts)


def facts(pairs):
    """A list of names and what is true of them."""
    listed = element("dl")
    for name, text in pairs:
        listed.append(element("dt", name), element("dd", text))
    return listed


def items(texts, tag="ul"):
    """A list of sentences."""
    listed = element(tag)
    for text in texts:
        listed.append(element("li", text))
    return listed
