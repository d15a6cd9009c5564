"""What a device is asked to carry."""

import dataclasses

import pytest

from offcut.inference.device import Adapter, Device, Limits, limits, may_try, precisions
from offcut.memory_budget import LEAST_PIXELS, pixels_for
from offcut.models.catalogue import read_catalogue
from tests.unit.offcut.fakes import catalogue_data

DESKTOP = Device(16, True, 8, "Mozilla/5.0 (X11; Linux x86_64) Chrome/156")
IPHONE = Device(6, True, None, "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Safari", 5)
IPAD = Device(8, True, None, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari", 5)
MAC = dataclasses.replace(IPAD, touch_points=0)
PHONE = Device(8, True, 2, "Mozilla/5.0 (Linux; Android 10) Chrome/156", 5)
SMALL = Limits(1, True, LEAST_PIXELS)

REAL = Adapter("intel", "gen-12lp")
SOFTWARE = [
    Adapter("google", "swiftshader"),
    Adapter("mesa", "", "", "llvmpipe (LLVM 19.1.7, 256 bits)"),
    Adapter("microsoft", "warp", "", "Microsoft Basic Render Driver"),
    Adapter("", is_fallback=True),
]


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (DESKTOP, Limits(8)),
        (dataclasses.replace(DESKTOP, cores=4), Limits(4)),
        (dataclasses.replace(DESKTOP, isolated=False), Limits(1)),
        (dataclasses.replace(DESKTOP, memory=4), Limits(8, False, pixels_for(4, "computer"))),
        (dataclasses.replace(PHONE, memory=8), Limits(8, False, pixels_for(8, "phone"))),
        (MAC, Limits(8)),
        (IPHONE, SMALL),
        (dataclasses.replace(IPHONE, memory=8), SMALL),
        (IPAD, SMALL),
        (PHONE, SMALL),
        (Device(), Limits(1)),
    ],
)
def test_threads_network_and_size_of_photos_follow_the_device(device, expected):
    assert limits(device) == expected


@pytest.mark.parametrize(
    ("adapter", "backend", "device", "tried"),
    [
        (REAL, "auto", DESKTOP, True),
        (REAL, "webgpu", DESKTOP, True),
        (REAL, "wasm", DESKTOP, False),
        (None, "auto", DESKTOP, False),
        (None, "webgpu", DESKTOP, False),
        (REAL, "auto", IPHONE, False),
        (REAL, "webgpu", IPHONE, True),
        (REAL, "auto", dataclasses.replace(DESKTOP, saves_data=True), False),
        *((adapter, "auto", DESKTOP, False) for adapter in SOFTWARE),
        *((adapter, "webgpu", DESKTOP, True) for adapter in SOFTWARE),
    ],
)
def test_a_graphics_processor_is_tried_unasked_only_where_it_is_one_and_is_no_burden(adapter, backend, device, tried):
    assert may_try(adapter, backend, device) is tried


def test_half_precision_is_taken_where_the_graphics_processor_has_it():
    assert precisions(REAL) == ("webgpu",)
    assert precisions(dataclasses.replace(REAL, has_half=True)) == ("webgpu-half", "webgpu")


def test_an_adapter_has_a_name_for_people():
    assert Adapter("nvidia", "ampere", "", "NVIDIA GeForce RTX 3060").text == "NVIDIA GeForce RTX 3060"
    assert Adapter("intel", "gen-12lp").text == "intel gen-12lp"
    assert Adapter().text


def test_a_small_device_starts_with_the_smallest_model():
    data = catalogue_data()
    data["models"]["one"]["bytes"] = 50_000_000
    models = read_catalogue(data)
    assert (models.default, models.starting_small().default) == ("one", "two")
    assert models.starting_small().models == models.models
