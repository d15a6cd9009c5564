"""What a person can change about how a network of their own is used. Logic alone; `dialog` shows it."""

import json

FAMILIES = (
    ("u2net", "U²-Net"),
    ("isnet", "IS-Net"),
    ("rmbg-1.4", "RMBG 1.4"),
    ("birefnet", "BiRefNet, RMBG 2.0"),
    ("modnet", "MODNet"),
    ("other", ""),
)
"""Families by their names in code (`offcut.models.own.families`), and for people; the last is for any other."""

OTHER = "other"

NUMBERS = (
    ("imagenet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ("half", (0.5, 0.5, 0.5), (1, 1, 1)),
    ("unit", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ("zero", (0, 0, 0), (1, 1, 1)),
)
"""Usual pairs of mean and standard deviation, by name."""

RULES = ("squash", "letterbox")
ALPHAS = ("identity", "minmax", "sigmoid")
"""As of `offcut.models.own.description`."""

OWN = "own"
"""What stands for any other pair."""


class NetworkForm:
    """The description of one file as it is chosen at the moment."""

    def __init__(self, facts) -> None:
        """`facts` is what the worker found in the file (`offcut.browser.network_api`)."""
        self.facts = facts
        self._given = facts["descriptions"]
        self.description = dict(facts.get("kept") or self._given[facts["family"]])

    @property
    def is_known(self) -> bool:
        """Whether the network seems to be of a family that Offcut knows."""
        return self.facts["family"] != OTHER

    def choose_family(self, family) -> None:
        """Prepare photos as a family's authors do. The name that was given stays."""
        title = self.description["title"]
        self.description = dict(self._given[family])
        self.description["title"] = title

    @property
    def free_sides(self) -> tuple:
        """Whether width and height of the input can be chosen."""
        return not self.facts["width"], not self.facts["height"]

    def set_size(self, width, height) -> None:
        """Choose width and height of the input, texts; what is none or fixed stays."""
        sides = list(self.description["size"])
        for at, text in enumerate((width, height)):
            found = numbers_of(text)
            if self.free_sides[at] and len(found) == 1 and found[0] >= 1:
                sides[at] = int(found[0])
        if sides != self.description["size"]:
            self.description["size"] = sides
            self.description["step"] = self.description["short_side"] = 0  # always this size

    @property
    def numbers(self) -> str:
        """The name of the pair of mean and deviation, or `OWN`."""
        chosen = (tuple(self.description["mean"]), tuple(self.description["std"]))
        for name, mean, std in NUMBERS:
            if chosen == (mean, std):
                return name
        return OWN

    def choose_numbers(self, name) -> None:
        """Choose a usual pair; `OWN` leaves what there is."""
        for known, mean, std in NUMBERS:
            if known == name:
                self.description["mean"], self.description["std"] = list(mean), list(std)

    def set_numbers(self, mean, std) -> bool:
        """Choose mean and deviation, texts of three numbers each. Returns whether they are."""
        found = numbers_of(mean), numbers_of(std)
        if len(found[0]) != 3 or len(found[1]) != 3 or min(found[1]) <= 0:
            return False
        self.description["mean"], self.description["std"] = found
        return True

    @property
    def outputs(self) -> list:
        """Names of the outputs that can be the mask."""
        return [name for name, _ in self.facts["outputs"]]

    @property
    def maps(self) -> int:
        """How many maps the chosen output has."""
        for name, count in self.facts["outputs"]:
            if name == self.description["output"]:
                return count
        return 1

    def choose_output(self, name) -> None:
        """Choose the output that is the mask, and its last map."""
        self.description["output"] = name
        self.description["channel"] = self.maps - 1

    def set_channel(self, text) -> None:
        """Choose a map of the output, counted from 1."""
        found = numbers_of(text)
        if len(found) == 1 and 1 <= found[0] <= self.maps:
            self.description["channel"] = int(found[0]) - 1

    @property
    def text(self) -> str:
        """The description as the worker takes it."""
        return json.dumps(self.description)


def numbers_of(text) -> list:
    """Return the numbers in a text, separated by spaces or commas; none where there is anything else."""
    try:
        return [float(part) for part in text.replace(",", " ").replace(";", " ").split()]
    except ValueError:
        return []


def text_of(numbers) -> str:
    """Return numbers as a person can write them."""
    return " ".join([_short(number) for number in numbers])


def _short(number) -> str:
    text = f"{number:.4f}"
    return text.rstrip("0").rstrip(".") or "0"
