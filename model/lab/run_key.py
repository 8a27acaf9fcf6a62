"""What identifies a run: its settings, and the arithmetic that carries them out."""

import hashlib
import json
from typing import Final

from model.training.settings import RunSettings

ARITHMETIC: Final = 1
"""Raised whenever the same settings give other numbers, so that kept ones are not mixed in."""


def settings_text(settings: RunSettings) -> str:
    """All settings as JSON in one form only: sorted names, shortest exact numbers."""
    return json.dumps(settings.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def run_key(text: str) -> bytes:
    """SHA-256 (32 bytes) of `settings_text` and the version of the arithmetic."""
    return hashlib.sha256(f"{ARITHMETIC}\n{text}".encode()).digest()
