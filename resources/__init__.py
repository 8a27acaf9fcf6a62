"""Icons and pictures that the window shows; imports nothing of the program."""

from pathlib import Path


def path(*parts: str) -> Path:
    """The file below this folder, e.g. `path("icons", "light", "check.svg")`."""
    return Path(__file__).parent.joinpath(*parts)
