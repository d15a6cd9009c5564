"""The editor: see what the network did, and put it right by hand.

It holds handles (bitmaps, canvases) and lists of coordinates, never pixels. What is saved is computed in the worker.
"""
