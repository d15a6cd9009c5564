"""Every text that Python shows, from one file a language."""

import json

with open("languages/en.json") as file:
    _WORDS = json.load(file)


def say(key, **values):
    """The text of that key with its `{places}` filled in."""
    return _WORDS[key].format(**values)
