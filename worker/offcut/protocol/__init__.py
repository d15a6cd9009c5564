"""What the page and the worker share: requests, messages, steps, settings, the brush, names of caches.

Plain Python without imports from elsewhere: CPython, Pyodide and MicroPython (the page) read the same files.
"""
