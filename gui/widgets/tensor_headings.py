"""The headings of a tensor's rows and columns; equal ones compare as equal."""

from dataclasses import dataclass

from gui.widgets.numerals import subscript


@dataclass(frozen=True)
class Numbered:
    """ "unit 1", "unit 2", …: a word and a number that begins at `first`."""

    word: str
    first: int = 1

    def __call__(self, place: int) -> str:
        return f"{self.word}{self.first + place}"


@dataclass(frozen=True)
class Listed:
    """ "sample 563", "sample 17", …: a word and the numbers of a list."""

    word: str
    numbers: tuple[int, ...]

    def __call__(self, place: int) -> str:
        return f"{self.word}{self.numbers[place]}"


@dataclass(frozen=True)
class Inputs:
    """ "from x₁", "from x₂", …: features of the input behind a word."""

    word: str = ""

    def __call__(self, place: int) -> str:
        return f"{self.word}x{subscript(place + 1)}"


@dataclass(frozen=True)
class Single:
    """One word, for the only row or column."""

    word: str = ""

    def __call__(self, place: int) -> str:
        return self.word
