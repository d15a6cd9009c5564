"""Photos whose alpha and colours are known exactly, made from a number: hair, fur, wires, lace, glass, blur.

True mattes of large photos are scarce, so these are synthetic: one real photo over another by a drawn alpha. All sizes
are fractions of the longer side, so that a scene looks the same at 2 and 24 MP. Needs numpy and Pillow only.
"""

from bench.scenes.scene import DATA, KINDS, Scene, make, mix, shrink

__all__ = ["DATA", "KINDS", "Scene", "make", "mix", "shrink"]
