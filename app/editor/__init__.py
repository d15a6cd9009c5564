"""The editor: see what the network did, and correct it by hand.

It holds handles (bitmaps, canvases) and lists of coordinates, never pixels. What is saved is computed in the worker.
"""
