"""Offcut's engine: from the bytes of a photo to the bytes of its cutout.

Plain numpy and Pillow. Only `offcut.browser` and `offcut.browser.backends.ort_session` touch JavaScript, and only
`offcut.inference.onnx_native` imports onnxruntime, so everything else behaves alike in Pyodide and on CPython.
"""

__version__ = "0.1.0"
