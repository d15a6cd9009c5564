"""Correcting by hand what a network found: operations on its alpha, their history, and the finished picture.

The network's alpha is never lost and settings are never baked in. Lengths and places are in pixels of the full photo,
x to the right and y down, and pixel centres lie at .5.
"""
