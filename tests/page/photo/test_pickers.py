"""The choice of network and of what runs it."""

import asyncio
from types import SimpleNamespace

from photo.pickers import AUTOMATIC, BRING, BackendPicker, ModelPicker

from tests.page.fakes import FakeSelect

MODELS = {
    "isnet": {"tier": "balanced", "title": "IS-Net", "bytes": 44_100_000},
    "u2netp": {"tier": "fast", "title": "U²-Net p", "bytes": 2_400_000},
    "free": {"tier": "permissive", "title": "Free", "bytes": 9_000_000},
    "portraits": {
        "tier": "people",
        "title": "Faces",
        "bytes": 13_000_000,
        "variants": {"webgpu-half": {"bytes": 12_900_000}, "wasm": {"bytes": 7_700_000}},
    },
    "best": {"tier": "quality", "title": "Best", "bytes": 44_600_000},
}


def picker(models=MODELS, remembered=None):
    select = FakeSelect(remembered)
    made = ModelPicker(select)
    made.fill({"default": "u2netp", "models": models})
    return made, select


def test_networks_are_offered_from_fast_to_fine_and_the_automatic_choice_first():
    made, select = picker()
    assert select.values == [AUTOMATIC, "u2netp", "isnet", "best", "portraits", "free"]
    assert select.labels == [
        "Automatic",
        "Fast (2 MB)",
        "Better edges (44 MB)",
        "Best edges, slower (45 MB)",
        "People, soft hair (8 MB)",
        "Free, free for any use (9 MB)",
    ]
    assert made.selected == AUTOMATIC and select.is_shown
    assert made.tiers == {name: model["tier"] for name, model in MODELS.items()}


def test_a_remembered_network_is_selected_if_the_site_still_has_it():
    assert picker(remembered="isnet")[0].selected == "isnet"
    assert picker(remembered="gone")[0].selected == AUTOMATIC


def test_a_site_with_one_network_has_nothing_to_choose():
    made, select = picker({"u2netp": MODELS["u2netp"]})
    assert select.values == ["u2netp"] and select.is_shown is False and made.selected == "u2netp"


def test_networks_of_ones_own_come_last_and_bringing_one_is_no_choice():
    select, brought = FakeSelect(), []
    kept = {
        "own-2": {"tier": "own", "title": "B", "bytes": 9_000_000},
        "own-1": {"tier": "own", "title": "C", "bytes": 1},
    }

    async def read():
        return kept

    made = ModelPicker(select, read, lambda: brought.append(True))
    asyncio.run(made.load({"default": "u2netp", "models": MODELS}))
    assert select.values[-3:] == ["own-2", "own-1", BRING] and made.selected == AUTOMATIC
    assert select.labels[-3] == "B, your own (9 MB)"
    select.actions[BRING]()
    assert brought == [True] and made.tiers["own-1"] == "own" and not made.is_unclear("own-1")
    kept.pop("own-2")
    asyncio.run(made.reload())
    assert select.values[-2:] == ["own-1", BRING]


def test_without_a_catalogue_the_engine_uses_its_default():
    made = ModelPicker(FakeSelect())
    made.fill(None)
    assert made.selected is None and made.tiers == {}


def test_the_backend_can_be_chosen_where_there_is_a_gpu():
    select = FakeSelect("webgpu")
    made = BackendPicker(select)
    assert made.selected == "webgpu" and select.labels == ["Automatic", "Graphics processor", "Processor"]
    made.show_for(SimpleNamespace(gpu=""))
    assert select.is_shown is False
    made.show_for(SimpleNamespace(gpu="a GPU"))
    assert select.is_shown is True


def test_a_gpu_that_failed_is_not_used_again_in_this_visit():
    made = BackendPicker(FakeSelect("webgpu"))
    made.heed(["reduced"])
    assert made.selected == "webgpu"
    made.heed(["gpu-failed"])
    made.heed([])
    assert made.selected == "wasm"
