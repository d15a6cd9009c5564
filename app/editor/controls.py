"""Sliders, choices and fields: elements with a `data-setting`. `data-unit` names the unit of their value."""

from core.dom import document, on
from core.signals import Signal

from editor.control_units import label_of, nearest_number, number_of, position_of, value_of


class Controls:
    """Reads and sets them by name, such as ``"brush.size"``; the first part is the name's group.

    The values are held here, too: a photo that is opened asks for some hundred, and the document answers slowly.
    """

    def __init__(self):
        self._elements = {}
        self._groups = {}  # the names of each
        self._values = {}
        self._usual = {}  # the values that the document begins with
        self._signals = {}  # by group
        self._held = None  # the slider that has the focus while a key is held
        self._is_held_moved = False
        for element in document.querySelectorAll("[data-setting]"):
            self._elements.setdefault(element.dataset.setting, []).append(element)
            self._show(element)
        for name in self._elements:
            self._groups.setdefault(name.split(".")[0], []).append(name)
            self._values[name] = self._read(name, _state)
            self._usual[name] = self._read(name, _default)
        on(document, "input", lambda event: self._on_change(event.target, True))
        on(document, "change", lambda event: self._on_change(event.target, False))
        on(document, "keydown", lambda event: self._on_key_down(event.target))
        for event in ("keyup", "focusout"):
            on(document, event, lambda event: self._let_go())
        for button in document.querySelectorAll("[data-reset]"):
            on(button, "click", lambda event: self.reset(event.currentTarget.dataset.reset))

    def changed(self, group):
        """Return the signal of a group.

        It is emitted with (name, is_moving) when one of its controls changes, or with the group's name alone when all
        of them are reset; `is_moving` while a slider is held.
        """
        return self._signals.setdefault(group, Signal())

    def value(self, name):
        """Return the value of a control: a number, a text, or whether it is ticked."""
        return self._values[name]

    def put(self, name, value, notify=True):
        """Set a control. A slider may be set between its steps."""
        if self._values[name] != value:
            self._put(name, value)
        if notify:
            self._notify(name, False)

    def _put(self, name, value):
        is_exact = False
        for element in self._elements[name]:
            if element.type == "radio":
                element.checked = element.value == value
            elif element.type == "checkbox":
                element.checked = value
            elif element.type == "range":
                element.value = str(position_of(element.getAttribute("data-unit"), value))
                is_exact = True
            else:
                element.value = str(value)
            self._show(element)
        self._values[name] = value if is_exact else self._read(name, _state)

    def reset(self, group, notify=True):
        """Set all controls of a group to their defaults."""
        for name in self._groups.get(group, ()):
            if self._values[name] != self._usual[name]:
                for element in self._elements[name]:
                    setattr(element, _property(element), _default(element))
                    self._show(element)
                self._values[name] = self._usual[name]
        if notify:
            self._notify(group, False)

    def _read(self, name, state_of):
        """Return a control's value: with `_state` the present one, with `_default` the one in the beginning."""
        for element in self._elements[name]:
            kind = element.type
            state = state_of(element)
            if kind == "radio":
                if state:
                    return element.value
            elif kind in ("range", "number"):
                return value_of(element.getAttribute("data-unit"), float(state or element.min))
            else:
                return state
        return None

    def _on_change(self, element, is_moving):
        name = element.getAttribute("data-setting")
        if name and element.type == "number" and not _is_usable(element, is_moving):
            return
        if name:
            self._values[name] = self._read(name, _state)
            self._show(element)
            # A choice has nothing in between; its `change` follows at once. That of a slider is sent by each repeat of
            # a key, until the key is let go.
            is_held = self._held is not None and element == self._held
            self._is_held_moved = self._is_held_moved or is_held
            if (is_moving or not is_held) and not (is_moving and element.type in ("radio", "checkbox")):
                self._notify(name, is_moving)

    def _on_key_down(self, element):
        if self._held is None and getattr(element, "type", None) == "range":
            self._held = element

    def _let_go(self):
        element, is_moved = self._held, self._is_held_moved
        self._held, self._is_held_moved = None, False
        if is_moved:
            self._notify(element.getAttribute("data-setting"), False)

    def _notify(self, name, is_moving):
        self.changed(name.split(".")[0]).emit(name, is_moving)

    def _show(self, element):
        if element.type == "range":
            text = label_of(element.getAttribute("data-unit"), float(element.value))
            element.previousElementSibling.textContent = text
            element.setAttribute("aria-valuetext", text)


def _is_usable(element, is_moving):
    """Return whether the number in a field counts. While a person types it may not; then it is made one that does."""
    text, low, high = element.value, float(element.min), float(element.max)
    if number_of(text, low, high) is None:
        if is_moving:
            return False
        element.value = str(nearest_number(text, low, high, element.defaultValue))
    return True


def _property(element):
    """Return the name of the property that holds an element's state."""
    return "checked" if element.type in ("radio", "checkbox") else "value"


def _state(element):
    return getattr(element, _property(element))


def _default(element):
    """Return the state that the document begins with."""
    if element.type in ("radio", "checkbox"):
        return element.defaultChecked
    return element.options[0].value if element.tagName == "SELECT" else element.defaultValue
