"""What a device can carry, decided from what its browser says of it."""

from dataclasses import dataclass

MAX_THREADS = 8
"""More threads than this slow small networks down: each operator then has too little work to share out."""

SMALL_MEMORY = 2.0
"""Gigabytes. Browsers round what they say, so a device that says this has between 1.5 and 3."""

SMALL_PIXELS = 16_000_000
"""Largest photo worked on at full size where memory is small: the 12 million pixels of most phones' photos and some room."""

_SOFTWARE = ("swiftshader", "llvmpipe", "lavapipe", "softpipe", "software", "warp", "basic render")


@dataclass(frozen=True)
class Device:
    """What a browser says of the device it runs on."""

    cores: int = 1
    isolated: bool = False
    """Whether the page is cross-origin isolated, without which there are no threads."""

    memory: float | None = None
    """Gigabytes (`navigator.deviceMemory`); None where the browser does not say."""

    agent: str = ""
    """`navigator.userAgent`."""

    touch_points: int = 0
    """`navigator.maxTouchPoints`: an iPad says that it is a Mac, but no Mac has any."""

    saves_data: bool = False
    """Whether the person asked the browser to download little."""

    @property
    def is_ios(self) -> bool:
        """Whether this is an iPhone, iPod or iPad: every browser there is Safari inside, which ends large pages."""
        named = any(name in self.agent for name in ("iPhone", "iPad", "iPod"))
        return named or ("Macintosh" in self.agent and self.touch_points > 1)


@dataclass(frozen=True)
class Limits:
    """What to keep to on a device."""

    threads: int

    small: bool = False
    """Whether memory is so little that the smallest network is the default and no graphics processor is tried unasked."""

    max_pixels: int | None = None
    """Larger photos are made smaller before anything else; None for no such limit."""


@dataclass(frozen=True)
class Adapter:
    """A graphics processor as WebGPU describes it (`GPUAdapterInfo`); any text may be empty."""

    vendor: str = ""
    architecture: str = ""
    device: str = ""
    description: str = ""
    is_fallback: bool = False
    has_half: bool = False
    """Whether it computes in half precision (the feature `shader-f16`)."""

    @property
    def text(self) -> str:
        """For people."""
        parts = (self.vendor, self.architecture, self.device)
        return self.description or " ".join(part for part in parts if part) or "WebGPU"

    @property
    def is_software(self) -> bool:
        """Whether it is no graphics processor at all, but a program that computes like one on the processor."""
        said = " ".join((self.vendor, self.architecture, self.device, self.description)).lower()
        return self.is_fallback or any(name in said for name in _SOFTWARE)


def limits(device: Device) -> Limits:
    """What to keep to.

    On iOS and with little memory: one thread, the smallest network, and photos of at most `SMALL_PIXELS`.
    """
    if device.is_ios or (device.memory is not None and device.memory <= SMALL_MEMORY):
        return Limits(1, True, SMALL_PIXELS)
    return Limits(min(max(device.cores, 1), MAX_THREADS) if device.isolated else 1)


def precisions(adapter: Adapter) -> tuple[str, ...]:
    """Which of a network's files to run there (as `Model.variant` takes it), best first."""
    return ("webgpu-half", "webgpu") if adapter.has_half else ("webgpu",)


def may_try(adapter: Adapter | None, backend: str, device: Device) -> bool:
    """Whether to look into WebGPU at all.

    Args:
        adapter: None where there is none.
        backend: ``"webgpu"``, where a person wants it, is refused only where there is no adapter. ``"auto"`` also needs a
            real graphics processor, enough memory, and leave to download what WebGPU needs.
        device: the device that it is about.
    """
    if adapter is None or backend == "wasm":
        return False
    return backend == "webgpu" or not (adapter.is_software or device.saves_data or limits(device).small)
