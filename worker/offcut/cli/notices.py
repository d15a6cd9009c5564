"""What people are told about a photo that was cut out all the same."""

TEXTS = {
    "animated": "it is an animation, and only its first picture was cut out",
    "enlarged-head": "its head has {} pixels in the photo and {} in the picture, which is not sharp",
    "enlarged-subject": "its subject has {} pixels in the photo and {} in the picture, which is not sharp",
    "no-face": "no face was found in it, so where its head is was guessed from the outline",
    "no-subject": "no subject was found in it",
    "disagree": "the models disagree about it, so look at all of them",
    "reduced": "it has more pixels than there is memory for, and was made smaller",
    "own-shape": "it is transparent already, and keeps its own shape",
    "incomplete": "the file is damaged or ends early, and what is missing is grey or not sharp",
}
"""By the name of the notice (`offcut.codecs.Photo.notices`, `offcut.editing.checks`), which numbers may follow."""


def explain(notices: tuple[str, ...]) -> list[str]:
    """Return the ends of sentences that begin with the photo's name. Notices without a text are told by their name."""
    named = [notice.split() for notice in notices]
    return [TEXTS.get(name, name.replace("-", " ")).format(*numbers) for name, *numbers in named]
