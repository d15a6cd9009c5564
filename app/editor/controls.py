"""Sliders, choices and fields: elements with a `data-setting`. `data-unit` says how what they stand at is meant."""

from core.dom import document, on

from editor.brush_math import area_of, size_of, slider_of

_MEANT = {"%": lambda at: at / 100, "share": lambda at: at / 100, "log": size_of, "area": area_of}
_SHOWN = {
    "%": "{:.0f} %",
    "share": "{:+.0f} %",
    "°": "{:.0f}°",
    "px": "{:g} px",
    "log": "{:.0f} px",
    "area": "{:.0f} px²",
}


class Controls:
    """Reads and sets them by name, and tells who listens for a name's first part."""

    def __init__(self):
        self._elements = {}
        self._listeners = {}
        self._exact = {}  # what was put between a slider's steps
        for element in document.querySelectorAll("[data-setting]"):
            self._elements.setdefault(element.dataset.setting, []).append(element)
            self._show(element)
        on(document, "input", lambda event: self._heard(event.target, True))
        on(document, "change", lambda event: self._heard(event.target, False))
        for button in document.querySelectorAll("[data-reset]"):
            on(button, "click", lambda event: self.reset(event.currentTarget.dataset.reset))

    def value(self, name):
        """What a control stands at: a number, a text, or whether it is ticked."""
        if name in self._exact:
            return self._exact[name]
        elements = self._elements[name]
        for element in elements:
            if element.type == "radio":
                if element.checked:
                    return element.value
            elif element.type == "checkbox":
                return element.checked
            elif element.type in ("range", "number"):
                meant = _MEANT.get(element.getAttribute("data-unit"))
                at = float(element.value or element.min)
                return meant(at) if meant else at
            else:
                return element.value
        return None

    def put(self, name, value, tell=True):
        """Set a control. A slider may be set between its steps."""
        if self.value(name) != value:
            self._put(name, value)
        if tell:
            self._tell(name, False)

    def _put(self, name, value):
        self._exact.pop(name, None)
        for element in self._elements[name]:
            if element.type == "radio":
                element.checked = element.value == value
            elif element.type == "checkbox":
                element.checked = value
            elif element.type == "range":
                unit = element.getAttribute("data-unit")
                element.value = str(
                    slider_of(value) if unit == "log" else value * 100 if unit in ("%", "share") else value
                )
                self._exact[name] = value
            else:
                element.value = str(value)
            self._show(element)

    def when(self, group, listener):
        """Call `listener(name, moving)` when a control of that group changes; `moving`: it has not been let go yet."""
        self._listeners[group] = listener

    def reset(self, group, tell=True):
        """Everything of a group back to where the page has it."""
        for name, elements in self._elements.items():
            if name.split(".")[0] != group:
                continue
            self._exact.pop(name, None)
            for element in elements:
                place, home = _home(element)
                if getattr(element, place) != home:  # most are there, and to write all is seen as a stall
                    setattr(element, place, home)
                    self._show(element)
        if tell:
            self._tell(group + ".", False)

    def _heard(self, element, moving):
        name = element.getAttribute("data-setting")
        if name:
            self._exact.pop(name, None)
            self._show(element)
            # A choice has no way between; its `change` follows at once.
            if not (moving and element.type in ("radio", "checkbox")):
                self._tell(name, moving)

    def _tell(self, name, moving):
        listener = self._listeners.get(name.split(".")[0])
        if listener:
            listener(name, moving)

    def _show(self, element):
        if element.type != "range":
            return
        shown = element.previousElementSibling
        unit = element.getAttribute("data-unit")
        at = float(element.value)
        meant = _MEANT[unit](at) if unit in ("log", "area") else at
        text = _SHOWN.get(unit, "{:.0f}").format(meant).replace("+0 ", "0 ")
        shown.textContent = text
        element.setAttribute("aria-valuetext", text)


def _home(element):
    """The name of the property that an element's state is in, and its value where the page has it."""
    if element.type in ("radio", "checkbox"):
        return "checked", element.defaultChecked
    return ("selectedIndex", 0) if element.tagName == "SELECT" else ("value", element.defaultValue)
