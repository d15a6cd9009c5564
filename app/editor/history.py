"""The steps done to the photo: as the worker has them, and as they will be once it has done what was requested."""

from core.signals import Signal

from offcut.protocol import steps


class History:
    """Undo, redo and the list of steps show this."""

    def __init__(self):
        self.names, self.position = [], 0
        """The expected steps, and how many of them are in force."""

        self._known_names, self._known_position = [], 0
        self.network = ""
        """The id of the network whose result lies under the steps, as the worker has them."""

        self.expected = Signal()
        """Emitted when `names` or `position` may have changed."""

        self.edited = Signal()
        """Emitted when a person does something, undoes it or redoes it."""

        self.confirmed = Signal()
        """Emitted when they are again as the worker has them."""

    @property
    def can_undo(self):
        """Whether a step is in force."""
        return self.position > 0

    @property
    def can_redo(self):
        """Whether a step was undone."""
        return self.position < len(self.names)

    @property
    def has_edits(self):
        """Whether the person has done anything; an upgrade is not an edit."""
        return any(name != steps.UPGRADE for name in self.names)

    @property
    def known_names(self):
        """The names of the steps that the worker had with its last response."""
        return self._known_names

    @property
    def last_name(self):
        """The name of the last step in force."""
        return self.names[self.position - 1] if self.position else steps.ORIGINAL

    def entries(self):
        """Return (position, name, state) of each line; state is ``"done"``, ``"current"`` or ``"undone"``."""
        names = [steps.ORIGINAL] + self.names
        return [(at, names[at], _state(at, self.position)) for at in range(len(names))]

    def learn(self, response):
        """Note the history of a response: `names`, `position` and `network`. What is expected stays so."""
        self._known_names, self._known_position = list(response.names), response.position
        self.network = response.network

    def update(self, response):
        """Note the history of a response as what holds now."""
        self.learn(response)
        self.revert()

    def revert(self):
        """Return to what the worker has: a request was refused."""
        self.expect(self._known_names, self._known_position)
        self.confirmed.emit()

    def clear(self):
        """No photo is open."""
        self._known_names, self._known_position, self.network = [], 0, ""
        self.revert()

    def expect_operation(self, operation):
        """An operation was requested."""
        self.expect_step(steps.step_name(operation))

    def expect_step(self, name):
        """A step of that name was requested."""
        done = self.names[: self.position]
        self.expect(done + [name], len(done) + 1)
        self.edited.emit()

    def expect_position(self, position):
        """So many steps will be in force."""
        self.expect(self.names, position)
        self.edited.emit()

    def expect(self, names, position):
        """Set what the history will be."""
        self.names, self.position = names, position
        self.expected.emit()


def _state(at, position):
    if at == position:
        return "current"
    return "undone" if at > position else "done"
