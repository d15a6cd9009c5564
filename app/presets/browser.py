"""The address of the page, behind the `#`."""

import js


class Address:
    """What `PresetChoice` needs of the browser."""

    def read(self):
        """Return what the address names."""
        return js.location.hash[1:]

    def write(self, text):
        """Have the address name something else, with no entry in the browser's history."""
        place = js.location.pathname + js.location.search
        js.history.replaceState(None, "", place + "#" + text if text else place)
