"""Where the lines over the picture of a head are."""


def lines_of(top, height, allowed, eyes=()):
    """Return the lines as (place, kind): parts of the canvas's height from its upper edge.

    Args:
        top: of the crown, as a part of the canvas's height.
        height: of the head.
        allowed: the least and the greatest height of the head, or nothing.
        eyes: the lowest and the highest place of the eyes, as parts of the canvas's height from below, or nothing.
    """
    lines = [(top, "crown"), (top + height, "chin")] + [(top + limit, "allowed") for limit in allowed]
    return lines + [(1 - place, kind) for place, kind in zip(eyes, ("eyes_allowed", "eyes"))]
