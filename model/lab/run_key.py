"""What identifies a run: its settings, and the arithmetic that carries them out."""

import hashlib
import json
from typing import Final

from model.training.settings import RunSettings

ARITHMETIC: Final = 1
"""Raised whenever the same settings give other numbers, so that kept ones are not mixed in."""


def run_key(settings: RunSettings) -> bytes:
    """SHA-256 (32 bytes) of the version of the arithmetic and of what numbers depend on.

    Settings that mean the same have one key: however the activations are written, and whatever
    memory the timeline may take.
    """
    values = settings.model_dump(mode="json")
    values["network"]["activation"] = settings.network.activations[:-1]
    del values["training"]["timeline_memory"]
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{ARITHMETIC}\n{text}".encode()).digest()
