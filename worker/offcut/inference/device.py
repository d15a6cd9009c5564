"""The limits of a device, decided from what its browser reports."""

from dataclasses import dataclass

from offcut.memory_budget import MAX_PIXELS, pixels_for

MAX_THREADS = 8
"""More threads than this slow small networks down: each operator then has too little work to share out."""

SMALL_MEMORY = 2.0
"""Gigabytes. Browsers report rounded values, so a device that reports this has between 1.5 and 3."""

_SOFTWARE = ("swiftshader", "llvmpipe", "lavapipe", "softpipe", "software", "warp", "basic render")


@dataclass(frozen=True)
class Device:
    """What a browser reports about the device it runs on."""

    cores: int = 1
    isolated: bool = False
    """Whether the page is cross-origin isolated, without which there are no threads."""

    memory: float | None = None
    """Gigabytes (`navigator.deviceMemory`); None where the browser does not report it."""

    agent: str = ""
    """`navigator.userAgent`."""

    touch_points: int = 0
    """`navigator.maxTouchPoints`: an iPad reports that it is a Mac, but Macs have none."""

    saves_data: bool = False
    """Whether the user asked the browser to save data."""

    @property
    def is_ios(self) -> bool:
        """Whether this is an iPhone, iPod or iPad: every browser there is Safari inside, which ends large pages."""
        named = any(name in self.agent for name in ("iPhone", "iPad", "iPod"))
        return named or ("Macintosh" in self.agent and self.touch_points > 1)

    @property
    def is_phone(self) -> bool:
        """Whether this is a phone or a tablet, whose system ends what takes much memory."""
        return self.is_ios or "Android" in self.agent


@dataclass(frozen=True)
class Limits:
    """The limits on a device."""

    threads: int

    low_memory: bool = False
    """Whether memory is small. The smallest network is then the default, and the GPU needs the user's choice."""

    max_pixels: int = MAX_PIXELS
    """For how many pixels of a photo there is memory."""


@dataclass(frozen=True)
class Adapter:
    """A GPU as WebGPU describes it (`GPUAdapterInfo`); any text may be empty."""

    vendor: str = ""
    architecture: str = ""
    device: str = ""
    description: str = ""
    is_fallback: bool = False
    has_half: bool = False
    """Whether it computes in half precision (the feature `shader-f16`)."""

    @property
    def text(self) -> str:
        """Its name for people."""
        parts = (self.vendor, self.architecture, self.device)
        return self.description or " ".join(part for part in parts if part) or "WebGPU"

    @property
    def is_software(self) -> bool:
        """Whether it is an emulation of a GPU on the CPU."""
        names = " ".join((self.vendor, self.architecture, self.device, self.description)).lower()
        return self.is_fallback or any(name in names for name in _SOFTWARE)


def limits(device: Device) -> Limits:
    """Return the limits of a device.

    On iOS and with little memory: one thread and the smallest network. How large a photo may be everywhere follows the
    memory (`offcut.memory_budget`).
    """
    # Safari tells nothing, and ends pages long before the memory is used up.
    pixels = pixels_for(None if device.is_ios else device.memory, "phone" if device.is_phone else "computer")
    if device.is_ios or (device.memory is not None and device.memory <= SMALL_MEMORY):
        return Limits(1, True, pixels)
    return Limits(min(max(device.cores, 1), MAX_THREADS) if device.isolated else 1, False, pixels)


def network_bytes(device: Device) -> float:
    """Return how many bytes of memory a network of a person's own may take for a photo.

    WebAssembly has 4 GB at most, some of which other things need. Browsers report at most 8 GB of the device's.
    """
    if limits(device).low_memory:
        return 1e9
    return min(3.4e9, 3.4e9 if device.memory is None else device.memory * 0.5e9)


def precisions(adapter: Adapter) -> tuple[str, ...]:
    """Return which of a network's variants (`Model.variant`) can run on a GPU, best first."""
    return ("webgpu-half", "webgpu") if adapter.has_half else ("webgpu",)


def may_try(adapter: Adapter | None, backend: str, device: Device) -> bool:
    """Return whether WebGPU may be used at all.

    Args:
        adapter: None where there is none.
        backend: ``"webgpu"``, the user's choice, is refused only where there is no adapter. ``"auto"`` also needs a
            real GPU, enough memory, and no wish to save data, because WebGPU's module is large.
        device: the device.
    """
    if adapter is None or backend == "wasm":
        return False
    return backend == "webgpu" or not (adapter.is_software or device.saves_data or limits(device).low_memory)
