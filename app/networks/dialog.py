"""The dialog in which a person sees how a network of their own is used, changes it and tries it."""

import js
from core.dom import by_id, element, on
from core.i18n import on_language_change, t

from networks import bringing
from networks.form import ALPHAS, FAMILIES, NUMBERS, OWN, RULES, text_of


class NetworkDialog:
    """Shows a `NetworkBringing`."""

    def __init__(self, network):
        self._network, self._dialog = network, by_id("network")
        self._said, self._facts, self._fields = by_id("network-said"), by_id("network-facts"), by_id("network-fields")
        self._picture, self._time = by_id("network-picture"), by_id("network-time")
        self._try, self._keep, self._close = by_id("network-try"), by_id("network-keep"), by_id("network-close")
        self._name, self._family = by_id("network-name"), by_id("network-family")
        self._width, self._height = by_id("network-width"), by_id("network-height")
        self._numbers, self._scale = by_id("network-numbers"), by_id("network-scale")
        self._mean, self._std = by_id("network-mean"), by_id("network-std")
        self._output, self._channel = by_id("network-output"), by_id("network-channel")
        self._is_own_pair = False  # whether a person wants to write mean and deviation
        self._shown = None  # the result whose picture is there
        self._fill_lists()
        on(self._close, "click", lambda event: self._dialog.close())
        on(by_id("network-cancel"), "click", lambda event: self._dialog.close())
        on(self._dialog, "close", lambda event: self._closed())
        on(self._dialog, "click", self._outside)
        on(self._try, "click", lambda event: self._press_try())
        on(by_id("network-form"), "submit", self._submit)
        self._on_change(self._name, self._rename)
        self._on_change(self._family, self._choose_family)
        for field in (self._width, self._height):
            self._on_change(field, lambda form: form.set_size(self._width.value, self._height.value))
        self._on_change(self._numbers, self._choose_numbers)
        for field in (self._mean, self._std):
            self._on_change(field, lambda form: form.set_numbers(self._mean.value, self._std.value))
        self._on_change(self._scale, lambda form: self._put(form, "scale", "max" if self._scale.checked else "255"))
        self._on_change(self._output, lambda form: form.choose_output(self._output.value))
        self._on_change(self._channel, lambda form: form.set_channel(self._channel.value))
        for name in ("rule", "alpha"):
            field = by_id("network-" + name)
            self._on_change(field, lambda form, name=name, field=field: self._put(form, name, field.value))
        network.opened.connect(self._open)
        network.changed.connect(self._show)
        network.finished.connect(self._dialog.close)
        on_language_change(self._fill_lists)

    def _fill_lists(self):
        families = [element("option", title or t("network.family.other"), value=name) for name, title in FAMILIES]
        self._family.replaceChildren(*families)
        pairs = [name for name, _, _ in NUMBERS] + [OWN]
        self._numbers.replaceChildren(*[element("option", t("network.numbers." + name), value=name) for name in pairs])
        rules = [element("option", t("network.rule." + rule), value=rule) for rule in RULES]
        by_id("network-rule").replaceChildren(*rules)
        alphas = [element("option", t("network.alpha." + alpha), value=alpha) for alpha in ALPHAS]
        by_id("network-alpha").replaceChildren(*alphas)
        self._show()

    def _on_change(self, field, change):
        on(field, "change", lambda event: self._network.edit(change))

    def _open(self):
        self._is_own_pair = False
        by_id("network-more").open = False
        if not self._dialog.open:
            self._dialog.showModal()
        self._dialog.scrollTop = 0

    def _closed(self):
        if self._network.state:
            self._network.close()

    def _outside(self, event):
        if event.target == self._dialog:
            self._dialog.close()

    def _submit(self, event):
        event.preventDefault()
        self._network.keep()

    def _press_try(self):
        if self._network.state == bringing.TRYING:
            self._dialog.close()  # a network cannot be stopped in any other way
        else:
            self._network.try_it()

    def _rename(self, form):
        form.description["title"] = self._name.value.strip() or form.description["title"]

    def _choose_family(self, form):
        self._is_own_pair = False
        form.choose_family(self._family.value)

    def _choose_numbers(self, form):
        self._is_own_pair = self._numbers.value == OWN
        form.choose_numbers(self._numbers.value)

    def _put(self, form, name, value):
        form.description[name] = value

    def _show(self):
        network, form = self._network, self._network.form
        is_busy = network.state in (bringing.TRYING, bringing.KEEPING)
        self._dialog.setAttribute("data-state", network.state or "closed")
        was_hidden, self._fields.hidden = self._fields.hidden, form is None
        self._try.hidden = self._keep.hidden = form is None
        self._keep.disabled = is_busy
        self._try.disabled = network.state == bringing.KEEPING
        self._keep.textContent = t("network.save" if network.is_kept else "network.keep")
        self._try.textContent = t("finer.stop" if network.state == bringing.TRYING else "network.try")
        self._said.textContent = network.error_text or self._words()
        self._said.dataset.kind = "error" if network.error else "news"
        if form:
            self._show_form(form)
            if was_hidden:
                self._try.focus()  # what comes next
        self._show_picture(network.result)

    def _words(self):
        network = self._network
        if network.state in (bringing.READING, bringing.TRYING, bringing.KEEPING):
            return t("network." + network.state)
        if network.form is None:
            return ""
        if network.is_kept:
            return t("network.change")
        if not network.form.is_known:
            return t("network.unknown")
        for name, title in FAMILIES:
            if name == network.form.facts["family"]:
                return t("network.known", family=title)
        return ""

    def _show_form(self, form):
        facts, chosen = form.facts, form.description
        self._facts.textContent = t(
            "network.facts", size=_short(facts["mb"]), layers=str(facts["layers"]), memory=_short(facts["gb"])
        )
        self._name.value, self._family.value = chosen["title"], chosen["family"]
        self._width.value, self._height.value = str(chosen["size"][0]), str(chosen["size"][1])
        self._width.disabled, self._height.disabled = [not is_free for is_free in form.free_sides]
        numbers = OWN if self._is_own_pair else form.numbers
        self._numbers.value = numbers
        by_id("network-pair").hidden = numbers != OWN
        self._mean.value, self._std.value = text_of(chosen["mean"]), text_of(chosen["std"])
        self._scale.checked = chosen["scale"] == "max"
        for name in ("rule", "alpha"):
            by_id("network-" + name).value = chosen[name]
        self._output.replaceChildren(*[element("option", name, value=name) for name in form.outputs])
        self._output.value = chosen["output"]
        by_id("network-outputs").hidden = len(form.outputs) < 2
        self._channel.max, self._channel.value = str(form.maps), str(chosen["channel"] + 1)
        by_id("network-channels").hidden = form.maps < 2

    def _show_picture(self, result):
        self._time.textContent = t("network.tried", seconds=_short(result.seconds.infer)) if result else ""
        self._picture.hidden = not result
        if result is self._shown:
            return
        if self._shown:
            js.URL.revokeObjectURL(self._picture.src)
        self._shown = result
        if result:
            self._picture.src = js.URL.createObjectURL(result.blob)


def _short(number):
    return f"{number:.1f}"


def watch_files(take):
    """Call `take(file)` with a network that a person chooses in the browser's dialog."""
    picker = by_id("network-file")

    def on_change(event):
        if picker.files.length:
            file = picker.files.item(0)
            picker.value = ""
            take(file)

    on(picker, "change", on_change)
