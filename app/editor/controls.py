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
            self._values[name] = self._read(name)
            self._usual[name] = self._read(name, is_usual=True)
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
        self._values[name] = value if is_exact else self._read(name)

    def reset(self, group, notify=True):
        """Set all controls of a group to their defaults."""
        for name in self._groups.get(group, ()):
            if self._values[name] != self._usual[name]:
                for element in self._elements[name]:
                    state, usual = _default(element)
                    setattr(element, state, usual)
                    self._show(element)
                self._values[name] = self._usual[name]
        if notify:
            self._notify(group, False)

    def _read(self, name, is_usual=False):
        """Return what the document says a control's value is, or what it was in the beginning."""
        for element in self._elements[name]:
            kind = element.type
            if kind == "radio":
                if element.defaultChecked if is_usual else element.checked:
                    return element.value
            elif kind == "checkbox":
                return element.defaultChecked if is_usual else element.checked
            elif kind in ("range", "number"):
                text = element.defaultValue if is_usual else element.value
                return value_of(element.getAttribute("data-unit"), float(text or element.min))
            elif is_usual:
                return element.options[0].value if element.tagName == "SELECT" else element.defaultValue
            else:
                return element.value
        return None

    def _on_change(self, element, is_moving):
        name = element.getAttribute("data-setting")
        if name and element.type == "number" and not _is_usable(element, is_moving):
            return
        if name:
            self._values[name] = self._read(name)
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


def _default(element):
    """Return the name of the property that holds an element's state, and its default."""
    if element.type in ("radio", "checkbox"):
        return "checked", element.defaultChecked
    return ("selectedIndex", 0) if element.tagName == "SELECT" else ("value", element.defaultValue)
