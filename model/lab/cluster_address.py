"""How the address of a cluster's scheduler is written; told without anything of Dask."""

import re
from typing import Final

_FORM: Final = re.compile(r"(?:tcp|tls)://(?:[^\s:/\[\]]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")
_LAST_PORT: Final = 65_535


def is_address(text: str) -> bool:
    """Whether it is as "tcp://HOST:8786", "tls://HOST:8786" or "tcp://[::1]:8786"."""
    found = _FORM.fullmatch(text)
    return found is not None and 0 < int(found[1]) <= _LAST_PORT
