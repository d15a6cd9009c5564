"""The page of `offcut s`: a form, without a script."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 32rem; padding: 0 1rem }
:root { color-scheme: light dark }
label { display: block; margin: .75rem 0 } small { opacity: .75 }
input[type=number], select, input[type=text] { font: inherit; margin-inline-start: .5rem }
button { font: inherit; padding: .4rem 1.2rem }
"""

POLICY = (
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
"""The Content-Security-Policy that the page is sent with."""


def page(models: dict[str, str], chosen: str, presets: Iterable[str]) -> str:
    """Return the page.

    Args:
        models: titles by id.
        chosen: id of the model that is chosen at first.
        presets: ids of those that can be chosen.
    """
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>{escape(title)}</option>'
        for name, title in models.items()
    )
    names = "".join(f"<option>{escape(name)}" for name in presets)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Offcut</title><style>{STYLE}</style>
<h1>Offcut</h1>
<p>Removes the background of a photo. It is cut out on the machine that this page comes from, and nowhere else.</p>
<form action="/api/remove" method="post" enctype="multipart/form-data">
<label>Photo <input type="file" name="file" accept="image/*" required></label>
<label>Model <select name="model">{options}</select></label>
<label>Preset <select name="preset"><option value="">none{names}</select>
<small>background, size and format of a shop, an office or an app</small></label>
<label>Background <input type="text" name="background" placeholder="transparent" size="14">
<small>such as white; without a preset</small></label>
<label>Format <select name="format"><option value="">the preset's, else png
<option>png<option>webp<option>jpeg<option>avif<option>tiff</select></label>
<label><input type="checkbox" name="om" value="true"> the mask alone</label>
<label><input type="checkbox" name="a" value="true"> find soft edges again (alpha matting)</label>
<label><input type="checkbox" name="ppm" value="true"> a smooth outline without soft edges</label>
<button>Remove the background</button>
</form>
<p><small>For programs: <code>curl -F file=@photo.jpg …/api/remove</code></small></p>
</html>
"""
