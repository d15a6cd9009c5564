"""Timeouts and intervals of the page in seconds, in one place, so that tests need not wait for them."""


class Timing:
    """The product's values; `override` replaces some."""

    idle_timeout = 300
    """After so long without a request the worker is stopped, unless `offcut.idle` objects: it holds hundreds of MB."""

    idle_retry = 5
    """Least time until an idle worker that may not be stopped is asked about again."""

    memory_pause = 20
    """The page is idle for so long before a worker that holds much more memory than it needs is replaced."""

    start_timeout = 90
    """After so long without a byte that arrives a worker that has not started is given up. The service worker itself
    asks four times for a file that never ends."""

    start_check = 2
    """Between two looks at a worker that starts."""

    storage_refresh = 0.7
    """Between two refreshes of the storage dialog, while downloads go on."""

    confirm_delay = 0.6
    """Least time that a person needs to read a question. The second half of a double click must not answer it."""

    alternatives_pause = 1.5
    """The page is idle for so long before another network looks at the photo: it takes some seconds, and another photo
    waits for it."""

    recipe_limit = 30
    """Seconds that a recipe may take for one picture."""

    toast = 5
    """Seconds that a toast is shown, counted from the moment when the pointer and the focus have left it."""

    toast_with_button = 10
    """The same, for a toast with a button."""

    away = 30
    """After so long out of sight the canvases may have been emptied, by systems that need memory for other apps."""

    service_worker_reply = 2
    """Longest wait for the service worker's list of requests."""

    update_check = 3600
    """Least time between two checks for a new version, in a page that stays open for days."""

    def override(self, values: dict) -> None:
        """Replace the values that are in `values`, a dictionary. Raises ValueError for a name that there is not."""
        for name, seconds in values.items():
            if not hasattr(self, name):
                raise ValueError(name)
            setattr(self, name, seconds)


timing = Timing()
"""What the page goes by."""
