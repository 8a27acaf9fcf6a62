"""metrics.json: loss, accuracy and AUC on both shares of the data, as `result.metrics` has them."""

import json
import math
from pathlib import Path

from model.files.atomic import write_text
from model.training.train import Metrics


def write_metrics(path: Path, metrics: Metrics) -> None:
    """Write the metrics; raises `FileError`.

    JSON has no word for NaN or infinity: what is not defined or not finite is null.
    """
    shares = {
        share: {name: value if math.isfinite(value) else None for name, value in values.items()}
        for share, values in metrics.items()
    }
    write_text(path, json.dumps(shares, indent=2, allow_nan=False) + "\n")
