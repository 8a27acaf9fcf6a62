"""What was measured on: versions, processor, threads."""

import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threadpoolctl import threadpool_info, threadpool_limits

PACKAGES = ("numpy", "torch", "scikit-learn", "PySide6-Essentials", "pyqtgraph")


def lines() -> list[str]:
    """The versions of both sides and the machine, in a few lines."""
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return [
        f"Python {platform.python_version()}, {packages}",
        f"BLAS: {_blas()}",
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        *_load(),
    ]


@contextmanager
def threads(count: int) -> Iterator[None]:
    """`count` threads for BLAS and, where it is installed, for PyTorch."""
    with threadpool_limits(count):
        if installed("torch"):
            import torch

            torch.set_num_threads(count)
        yield


def installed(package: str) -> bool:
    """Whether a package can be imported; rows without their peer are left out and named."""
    return importlib.util.find_spec(package) is not None


def _load() -> list[str]:
    """What the machine is busy with besides, where the system tells it."""
    if not hasattr(os, "getloadavg"):
        return []
    return [f"Load before the first row: {os.getloadavg()[0]:.1f} (0 on a machine at rest)"]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _blas() -> str:
    import numpy as np

    np.ones((2, 2)) @ np.ones((2, 2))
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return "; ".join(
        f"{pool['internal_api']} {pool['version']}, {pool.get('architecture', '')} kernels"
        for pool in pools
    )


def _processor() -> str:
    """The model's name; Linux tells it elsewhere than the other systems."""
    path = Path("/proc/cpuinfo")
    if sys.platform == "linux" and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
