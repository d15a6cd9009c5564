"""Offcut's engine: from the bytes of a photo to the bytes of its cutout.

Plain numpy and Pillow. Only `offcut.browser` and `offcut.runtimes.web` touch JavaScript, and only
`offcut.runtimes.native` imports onnxruntime, so everything else behaves alike in Pyodide and on CPython.
"""

__version__ = "0.1.0"
