"""Which model runs first, and which one may replace its cutout. Names and numbers only; `AutoUpgrade` gathers them."""

FIRST = "fast"
"""The tier whose cutout is on the screen first."""

FINER = ("balanced", "quality")
"""The tiers that may replace it, in the order of their quality."""

PEOPLE = "people"
"""The tier of networks that find people alone. One that is on the device looks after the finer one, and its cutout is
taken where it found the same subject (`offcut.inference.routing`)."""

MIN_MEMORY_GB = 4
"""As browsers report it (rounded to 2, 4, 8). With a 12 MP photo open the finer networks bring the page to 1.5 GB."""

SLOW_CONNECTIONS = ("slow-2g", "2g", "3g")
"""Connections (`effectiveType`) below 0.7 Mbit/s: the 44 MB of the finer networks would take ten minutes there."""

MAX_SECONDS_FOR_QUALITY = 1.5
"""Inference time of the fast network up to which the quality tier follows. That takes about 4 times as long, so up to
6 s; the balanced tier takes about 2.4 times as long (docs/measurements/comparison.md)."""

MAX_SECONDS = 12
"""Inference time of the fast network beyond which no other follows: the balanced tier would take half a minute."""

MAX_SECONDS_TO_SKIP = 1.0
"""Inference time of a finer network up to which the next photo goes to it at once, as on a GPU. Above that the fast
network runs first again; to open it again takes a few tenths of a second."""


def choose_first(tiers: dict[str, str], seconds: dict[str, float]) -> str | None:
    """Return the id of the model that a new photo goes to, or None where the site has no fast model.

    Args:
        tiers: names of tiers by the id of their model, in the order of the catalogue.
        seconds: inference time of the last run of each model that has run, by id.
    """
    for tier in reversed(FINER):
        model = model_of(tiers, tier)
        if model in seconds and seconds[model] <= MAX_SECONDS_TO_SKIP:
            return model
    return model_of(tiers, FIRST)


def upgrade_of(response, info, tiers, cached, device):
    """Return what `choose_upgrade` does for a photo.

    Args:
        response: that of `open_photo`, or of a photo of a batch.
        info: the engine's.
        tiers: of each network, by id.
        cached: ids of the networks whose weights are on the device.
        device: its memory in GB, and whether the connection is metered.
    """
    memory_gb, is_metered = device
    is_gpu = response.backend == "webgpu"
    seconds, problem = response.seconds.infer, info.storage_problem
    return choose_upgrade(tiers, cached, seconds, is_gpu, memory_gb, info.low_memory, is_metered, problem)


def choose_upgrade(
    tiers: dict,
    cached,
    seconds: float,
    on_gpu: bool,
    memory_gb: float | None,
    low_memory: bool,
    is_metered: bool,
    storage_problem: str,
) -> tuple:
    """Return (id, "") of the model whose cutout replaces the fast one's, or (None, reason).

    Args:
        tiers: names of tiers by the id of their model, in the order of the catalogue.
        cached: ids of the models that are wholly on the device.
        seconds: inference time of the fast model.
        on_gpu: whether it ran on a GPU.
        memory_gb: the device's memory, None where the browser does not report it.
        low_memory: whether the engine found little memory.
        is_metered: whether the connection should not be used for an upgrade.
        storage_problem: whether models cannot be cached here.

    The reason is "memory", "slow", "storage" or "connection".
    """
    if not _has_memory(memory_gb, low_memory):
        return None, "memory"
    if not on_gpu and seconds > MAX_SECONDS:
        return None, "slow"
    available = [model_of(tiers, tier) for tier in FINER if model_of(tiers, tier)]
    if storage_problem or is_metered:
        available = [model for model in available if model in cached]
    if not available:
        return None, "storage" if storage_problem else "connection"
    best = model_of(tiers, FINER[1] if on_gpu or seconds <= MAX_SECONDS_FOR_QUALITY else FINER[0])
    return (best if best in available else available[0]), ""


def may_look(seconds: float, on_gpu: bool, memory_gb: float | None, low_memory: bool) -> bool:
    """Whether the fast network may look at a photo, too, that another has cut out, to find out whether they agree.

    Args:
        seconds: inference time of the other model.
        on_gpu: whether it ran on a GPU.
        memory_gb: the device's memory, None where the browser does not report it.
        low_memory: whether the engine found little memory.
    """
    return _has_memory(memory_gb, low_memory) and (on_gpu or seconds <= MAX_SECONDS)


def model_of(tiers: dict, tier: str) -> str | None:
    """Return the id of the first model of a tier, or None."""
    for model, its_tier in tiers.items():
        if its_tier == tier:
            return model
    return None


def _has_memory(memory_gb, low_memory) -> bool:
    return not low_memory and (memory_gb is None or memory_gb >= MIN_MEMORY_GB)


def is_possible(tiers: dict) -> bool:
    """Whether the site has a fast model and a finer one."""
    return model_of(tiers, FIRST) is not None and any(model_of(tiers, tier) for tier in FINER)


def is_metered(saves_data, kind, effective) -> bool:
    """Whether a connection is metered or slow: `saveData`, `type` and `effectiveType` of `navigator.connection`."""
    return bool(saves_data) or kind == "cellular" or effective in SLOW_CONNECTIONS
