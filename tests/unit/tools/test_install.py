"""What makes the site installable: a manifest that is valid at any path, and icons that are what it says."""

import io
import json

import pytest
from PIL import Image

from tools.paths import ROOT
from tools.site import icons

MANIFEST = json.loads((ROOT / "manifest.webmanifest").read_text())
DRAWN = icons.files()


def test_the_manifest_works_below_any_path():
    """No id: it would be resolved against the origin, and two copies of Offcut on one origin would be one app."""
    assert MANIFEST["start_url"] == MANIFEST["scope"] == "./" and "id" not in MANIFEST
    addresses = [
        MANIFEST["share_target"]["action"],
        *(entry["action"] for entry in MANIFEST["file_handlers"]),
        *(entry["url"] for entry in MANIFEST["shortcuts"]),
        *(icon["src"] for icon in MANIFEST["icons"]),
    ]
    assert all(not address.startswith("/") and ":" not in address for address in addresses)
    assert MANIFEST["display"] == "standalone" and MANIFEST["name"] and MANIFEST["short_name"] == "Offcut"


@pytest.mark.parametrize(
    "icon", [icon for icon in MANIFEST["icons"] if icon["type"] == "image/png"], ids=lambda icon: icon["src"]
)
def test_icons_are_there_with_the_size_and_purpose_the_manifest_says(icon):
    picture = Image.open(io.BytesIO(DRAWN[icon["src"]]))
    assert picture.format == "PNG" and f"{picture.width}x{picture.height}" == icon["sizes"]
    corners = [picture.getpixel((x, y))[3] for x in (0, picture.width - 1) for y in (0, picture.height - 1)]
    assert corners == ([255] * 4 if icon.get("purpose") == "maskable" else [0] * 4)


def test_both_sizes_that_browsers_ask_for_are_there_for_both_purposes():
    found = {(icon["sizes"], icon.get("purpose", "any")) for icon in MANIFEST["icons"]}
    assert {(size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")} <= found
    assert set(DRAWN) <= {icon["src"] for icon in MANIFEST["icons"]}


def test_what_a_maskable_icon_shows_survives_any_mask():
    """Everything but the ground lies within a circle of 40 % of the width."""
    picture = Image.open(io.BytesIO(DRAWN["icons/maskable-512.png"])).convert("RGB")
    drawn = [(x, y) for y in range(0, 512, 4) for x in range(0, 512, 4) if picture.getpixel((x, y))[2] > 60]
    assert drawn and max((x - 256) ** 2 + (y - 256) ** 2 for x, y in drawn) <= (0.4 * 512 + 30) ** 2


def test_photos_can_be_opened_with_it_and_shared_to_it():
    accepted = MANIFEST["file_handlers"][0]["accept"]
    assert {"image/jpeg", "image/png", "image/webp", "image/heic"} <= set(accepted)
    assert all(ending.startswith(".") for endings in accepted.values() for ending in endings)
    assert MANIFEST["share_target"]["method"] == "POST"
    assert MANIFEST["share_target"]["params"]["files"][0]["name"] == "photo"


def test_drawing_twice_gives_the_same_bytes():
    assert icons.files() == DRAWN
