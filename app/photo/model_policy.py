"""What the automatic choice of network comes to: the fast one first, then the finest that device and connection carry.

Names and numbers only; `improving` asks the browser and the engine for them.
"""

FIRST = "fast"
"""The tier whose cutout is on the screen first."""

FINER = ("balanced", "quality")
"""The tiers that may replace it, finer ones later."""

LEAST_MEMORY = 4
"""Gigabytes, as browsers say it (rounded to 2, 4, 8). With a 12 MP photo open the finer networks bring the page to 1.5 GB."""

SLOW = ("slow-2g", "2g", "3g")
"""Connections (`effectiveType`) of less than 0.7 Mbit/s: the 44 MB of the finer networks would take ten minutes there."""

QUICK = 1.5
"""Seconds of the fast network's run up to which the quality tier follows. It takes about 4 times as long, so up to 6 s;
the balanced tier takes about 2.4 times as long (docs/performance.md)."""

ENDLESS = 12
"""Seconds of the fast network's run beyond which none follows: the balanced tier would take half a minute."""

DIRECT = 1.0
"""Seconds of a finer network's run up to which the next photo goes to it at once, as on a graphics processor. Above that the
fast network is opened again first, which takes a few tenths of a second from the device."""


def first(tiers, seconds):
    """The network that a new photo goes to.

    `tiers` are names of tiers by the id of their network, `seconds` what the last run of each took that has run. Gives an
    id, None where the site has no fast network.
    """
    for tier in reversed(FINER):
        id = of(tiers, tier)
        if seconds.get(id, DIRECT + 1) <= DIRECT:
            return id
    return of(tiers, FIRST)


def finer(tiers, kept, seconds, on_graphics, memory, small, sparing, trouble):
    """The network whose cutout is to replace the fast one's, and why there is none.

    `kept` are the ids of networks that are wholly on the device, `seconds` what the fast one's run took, on a graphics
    processor or not. `memory` is in gigabytes, None where the browser does not say; `small` is the engine's word for a
    device with little. `sparing`: the connection is not to be used for this. `trouble`: networks cannot be kept here.
    Gives an id and "", or None and "memory", "slow", "storage" or "connection".
    """
    if small or (memory is not None and memory < LEAST_MEMORY):
        return None, "memory"
    if not on_graphics and seconds > ENDLESS:
        return None, "slow"
    there = [of(tiers, tier) for tier in FINER if of(tiers, tier)]
    if trouble or sparing:
        there = [id for id in there if id in kept]
    if not there:
        return None, "storage" if trouble else "connection"
    wanted = of(tiers, FINER[1] if on_graphics or seconds <= QUICK else FINER[0])
    return (wanted if wanted in there else there[0]), ""


def of(tiers, tier):
    """The first network of a tier, or None."""
    for id in tiers:
        if tiers[id] == tier:
            return id
    return None


def is_possible(tiers):
    """Whether there is anything to choose between."""
    return of(tiers, FIRST) is not None and any(of(tiers, tier) for tier in FINER)


def is_sparing(saves_data, kind, effective):
    """Whether a connection is metered or slow: `saveData`, `type` and `effectiveType` of `navigator.connection`."""
    return bool(saves_data) or kind == "cellular" or effective in SLOW
