"""Names of what Offcut stores on a device: caches, and keys of localStorage. sw.js has the same names."""

PREFIX = "offcut-"
"""Everything that Offcut stores begins with it, so that it can be deleted without touching other data of the origin."""

APP_PREFIX = "offcut-app-"
"""Pages, Python and styles; the version follows."""

RUNTIME_PREFIX = "offcut-runtime-"
"""Pyodide, wheels and onnxruntime; the runtime's hash follows."""

MODELS = "offcut-models"
"""Chunks of models, named by their content: they never go stale."""

OWN_NETWORKS = "offcut-own"
"""Folder within `MODELS` of what describes networks of one's own, an entry of a catalogue each."""

WORK = "offcut-work"
"""Photos that a person has changed, with their steps, for a reload or a crash."""

BATCHES = "offcut-batches"
"""The photos of batches and their results, in the origin's private file system."""

FOLDERS = "offcut-folders"
"""The folders that a person has chosen for results of batches, in IndexedDB."""

SHARED = "offcut-shared"
"""A photo on its way from another app to the page."""

GPU_RESULTS = "offcut-trials"
"""What was found about this device's GPU."""
