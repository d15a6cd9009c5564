"""Photos whose alpha and colours are known exactly, made from a number: hair, fur, wires, lace, glass, blur.

True mattes of large photos are scarce, so these are drawn: one real photo before another under a drawn alpha. All
sizes are parts of the picture's longer side, so that a scene of 24 MP is the scene of 2 MP seen by a better camera.
Needs numpy and Pillow only; used by the tests and by `bench/`.
"""

from bench.scenes.scene import DATA, KINDS, Scene, make, mix, shrink

__all__ = ["DATA", "KINDS", "Scene", "make", "mix", "shrink"]
