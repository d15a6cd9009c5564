"""The card above a batch's photos that offers better edges, and says how they come about."""

from core.dom import by_id, on
from core.i18n import on_language_change, t

from batch.network import LOADING, OFFER


class FinerCard:
    """Shows what a `BatchNetwork` has to say of a finer network."""

    def __init__(self, batch, network):
        """
        Args:
            batch: the `Batch`.
            network: the `BatchNetwork`.
        """
        self._batch, self._network = batch, network
        self._card, self._text = by_id("batch-finer"), by_id("batch-finer-text")
        self._yes, self._no, self._stop = by_id("batch-finer-yes"), by_id("batch-finer-no"), by_id("batch-finer-stop")
        on(self._yes, "click", lambda event: self._want())
        on(self._no, "click", lambda event: network.answer(False))
        on(self._stop, "click", lambda event: network.stop())
        network.changed.connect(self._show)
        batch.changed.connect(self._show)
        on_language_change(self._show)

    def _want(self):
        if self._network.state == OFFER:
            self._network.answer(True)
        else:
            self._network.load()

    def _show(self):
        network = self._network
        state = network.state
        self._card.hidden = not state
        self._yes.hidden = state == LOADING
        self._no.hidden = state != OFFER
        self._stop.hidden = state != LOADING
        if state == OFFER:
            text = network.question + " " + t("offer.meanwhile" if self._batch.is_going else "offer.afterwards")
        else:
            text = t("finer." + state, bytes=network.progress) if state else ""
        if self._text.textContent != text:
            self._text.textContent = text
