"""Where the lines over the picture of a head are."""


def lines_of(top, height, allowed):
    """Return the lines as (place, kind): parts of the canvas's height from its upper edge.

    Args:
        top: of the crown, as a part of the canvas's height.
        height: of the head.
        allowed: the least and the greatest height of the head, or nothing.
    """
    return [(top, "crown"), (top + height, "chin")] + [(top + limit, "allowed") for limit in allowed]
