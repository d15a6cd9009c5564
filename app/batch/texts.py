"""What a batch says of itself, in the page's language."""

from core.i18n import error_text, t
from export.saving import bytes_text

from batch.batch import CANCELLED, DONE, REFUSED, WAITING, WORKING


def title(batch) -> str:
    """Return how many photos there are."""
    return t("batch.title", count=len(batch.photos))


def status(batch, is_held: bool) -> str:
    """Return how far the batch is: counts of each state that there is."""
    parts = []
    if batch.is_going and (batch.is_paused or is_held):
        parts.append(t("batch.paused"))
    going, finished = batch.of(WAITING, WORKING), batch.finished()
    better = len([photo for photo in going if photo.is_current])
    refused, cancelled = batch.count(REFUSED), batch.count(CANCELLED)
    counts = (("done", len(finished)), ("left", len(going) - better), ("better", better))
    for key, count in counts + (("refused", refused), ("cancelled", cancelled)):
        if count or key == "done":
            parts.append(t("batch.count." + key, count=count))
    return " · ".join(parts)


def state(photo) -> str:
    """Return what a photo's line says."""
    if photo.state == DONE:
        size = t("save.pixels", width=photo.result["width"], height=photo.result["height"])
        done = size + " · " + bytes_text(photo.result["bytes"])
        limit = photo.result.get("reduced_to")
        if limit:
            done = t("batch.reduced", megapixels=str(int(limit // 1e6))) + " · " + done
        for name in photo.result.get("missing", ()):
            done = t("batch.missing." + name) + " · " + done
        if photo.result.get("enlarged"):
            pixels, needed = photo.result["enlarged"]
            done = t("batch.soft", pixels=pixels, needed=needed) + " · " + done
        if photo.is_edited:
            return t("batch.edited") + " · " + done
        return t("batch.unsure") + " · " + done if photo.is_unsure else done
    if photo.state == REFUSED:
        return error_text(photo.error)
    if photo.state == WAITING and photo.is_current:
        return t("batch.state.better")
    if photo.state == WORKING and photo.stage:
        return t("progress." + photo.stage)
    return t("batch.state." + photo.state)


def summary(batch) -> str:
    """Return what came of everything, once nothing is left to do; empty before."""
    if batch.is_going or not batch.photos:
        return ""
    done, refused = batch.count(DONE), batch.count(REFUSED)
    texts = [t("batch.end", done=done, count=len(batch.photos))]
    if refused:
        texts.append(t("batch.end.refused", count=refused))
    unsure = len(batch.unsure())
    if unsure:
        texts.append(t("batch.end.unsure", count=unsure))
    return " ".join(texts)
