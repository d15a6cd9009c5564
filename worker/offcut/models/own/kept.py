"""What is kept of an own network besides its file: the entry that a catalogue would have for it."""

from typing import Any

from offcut.models.catalogue import Model


def entry_of(model: Model) -> dict[str, Any]:
    """Return the entry of a model, ready for JSON: what `offcut.models.catalogue.read_catalogue_entry` reads."""
    return {
        "title": model.title,
        "tier": model.tier,
        "licence": dict(model.licence),
        "bytes": model.bytes,
        "sha256": model.sha256,
        "chunks": [{"sha256": chunk.sha256, "bytes": chunk.bytes} for chunk in model.chunks],
        "input": {
            "name": model.input_name,
            "size": list(model.input_size),
            "layout": model.input_layout,
            "type": model.input_type,
            "step": model.input_step,
            "short_side": model.input_short_side,
        },
        "resize": {"rule": model.resize_rule, "kernel": model.resize_kernel},
        "normalisation": {"scale": model.scale, "mean": list(model.mean), "std": list(model.std)},
        "output": {"name": model.output_name, "alpha": model.output_alpha, "channel": model.output_channel},
    }
