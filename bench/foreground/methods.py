"""The methods of foreground estimation that are compared."""

from bench.foreground.blur_fusion import BlurFusion
from offcut.foreground import Method
from offcut.foreground.multilevel import MultiLevel

METHODS: dict[str, Method] = {"blurfusion": BlurFusion, "multilevel": MultiLevel}
