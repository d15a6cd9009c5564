"""What was done to the open photo, for a worker that ends before the device has kept it."""


class Journal:
    """Requests that have changed the photo, in their order. Each revision of the photo has a number, which grows."""

    def __init__(self):
        self._entries, self._revision = [], 0

    def begin(self, revision=0):
        """Another photo is open, or the same one again, in this revision."""
        self._entries, self._revision = [], revision

    def note(self, call, arguments, revision):
        """Note a request that was answered, with the revision that it has led to, if that is a new one."""
        if revision > self._revision:
            self._entries.append((call, arguments, revision))
            self._revision = revision

    def note_provision(self, call, arguments):
        """Note a request that has changed nothing by itself, but is needed by what comes next."""
        self._entries.append((call, arguments, self._revision + 1))

    def take_back(self, revision):
        """Return the requests, as (call, arguments), that have led from an earlier revision to where the photo was.

        They are forgotten, because they are to be requested again.
        """
        missing = [(call, arguments) for call, arguments, later in self._entries if later > revision]
        self._entries = [entry for entry in self._entries if entry[2] <= revision]
        self._revision = revision
        return missing
