"""What a sweep says, in plain sentences that name their numbers."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from model.files.number_text import auc_text, duration_text, loss_text, percent_text
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.summaries import Spread, Summary, Varied
from model.lab.sweep import Progress
from model.lab.variants import Variant, label

HEAD: Final = ("", "runs", "loss", "5 – 95 %", "accuracy", "AUC", "epochs", "diverged", "refused")

BLIND: Final = 0.5
"""AUC, exactly, where every sample has the same output."""

MOST_LINES: Final = 50
"""Of a table that is to be read; the files hold all runs."""


def table_lines(results: Results) -> tuple[list[tuple[str, ...]], str]:
    """A line for each combination of values under `HEAD`, and a note on what they are.

    The medians are over the runs that came to an end.
    """
    shown, found = list(results.summaries), len(results.summaries)
    notes = ["Medians over the seeds; loss is the training loss at the end, accuracy and AUC are"]
    notes.append("those on the test set. Runs that diverged or were refused are not among them.")
    if found > MOST_LINES:
        shown = sorted(shown, key=_order)[:MOST_LINES]
        notes.append(f"These are the best {MOST_LINES} of {found}, by how many diverged and loss.")
    return [_line(summary) for summary in shown], " ".join(notes)


def conclusions(results: Results) -> Iterator[str]:
    """Which value was best and how sure that is, what diverged, what could not be run."""
    ended = [summary for summary in results.summaries if summary.ended]
    if ended:
        yield from _best(sorted(ended, key=_order))
    yield from _diverged(results.summaries)
    yield from _constant(results.summaries)
    if results.rates is not None:
        yield from _regions(results.rates.stable_to, results.rates.diverging_from)
    yield from _refused(results)


def progress_words(progress: Progress) -> str:
    """ "40 of 200 runs; about 12 s left"."""
    left = "" if progress.left is None else f"; about {duration_text(progress.left)} left"
    return f"{progress.done:,} of {progress.total:,} runs{left}"


def ended_words(progress: Progress) -> str:
    """ "150 runs in 12 s, 50 were there already, 3 diverged"."""
    parts = (
        (progress.reused, "were there already"),
        (progress.refused, "were refused"),
        (progress.diverged, "diverged"),
    )
    runs = f"{progress.computed:,} run{'s' * (progress.computed != 1)}"
    words = [f"{runs} in {duration_text(progress.seconds)}"]
    return ", ".join([*words, *(f"{count:,} {what}" for count, what in parts if count)])


def words(varied: Varied) -> str:
    """A combination of values in a few words; nothing varies but the seed where it is empty."""
    return label(Variant(0, varied, None)) or "all runs"


def _line(summary: Summary) -> tuple[str, ...]:
    loss = summary.loss
    return (
        *(words(summary.varied), str(summary.runs), loss_text(loss.median), _range(loss)),
        *(percent_text(summary.accuracy.median), auc_text(summary.auc.median)),
        "–" if math.isnan(summary.epochs.median) else f"{summary.epochs.median:g}",
        *(str(summary.diverged), str(summary.refused)),
    )


def _range(spread: Spread) -> str:
    if math.isnan(spread.median):
        return "–"
    return f"{loss_text(spread.p5)} – {loss_text(spread.p95)}"


def _order(summary: Summary) -> tuple[float, float]:
    """The smaller share that failed comes first, then the smaller loss; NaN is last."""
    loss = summary.loss.median
    failed = 1 - summary.ended / summary.runs
    return failed, math.inf if math.isnan(loss) else loss


def _best(ranked: Sequence[Summary]) -> Iterator[str]:
    best = ranked[0]
    if len(ranked) == 1:
        yield f"{_capital(words(best.varied))}: loss {_of_seeds(best)}."
        return
    without = " without a failure" if any(map(_failed, ranked)) and not _failed(best) else ""
    yield f"The lowest loss{without} has {words(best.varied)}: {_of_seeds(best)}."
    second = ranked[1]
    if best.ended > 1 and second.loss.p25 <= best.loss.p75 and not _failed(second):
        yield (
            f"It is not clearly apart from {words(second.varied)}"
            f" ({loss_text(second.loss.median)}): the middle halves of their runs overlap."
        )
    accurate = max(ranked, key=_accuracy)
    if _accuracy(accurate) > _accuracy(best):
        yield (
            f"The highest accuracy has {words(accurate.varied)}:"
            f" {percent_text(accurate.accuracy.median)}, beside"
            f" {percent_text(best.accuracy.median)} for {words(best.varied)}."
        )


def _of_seeds(summary: Summary) -> str:
    if summary.ended == 1:
        return f"{loss_text(summary.loss.median)} in one run"
    return f"{loss_text(summary.loss.median)} in the median of {summary.ended} runs"


def _diverged(summaries: Sequence[Summary]) -> Iterator[str]:
    """Which values diverge; always, and sometimes."""
    some = [summary for summary in summaries if summary.diverged]
    if not some:
        yield "No run diverged."
        return
    shown = [f"{words(one.varied)} ({one.diverged} of {one.runs})" for one in some[:10]]
    rest = f" and {len(some) - 10} more" if len(some) > 10 else ""
    yield f"Runs diverged with {'; '.join(shown)}{rest}."


def _constant(summaries: Sequence[Summary]) -> Iterator[str]:
    """Where every run came to its end and learned nothing: stable is not the same as good."""
    dead = [one for one in summaries if one.auc.median == BLIND]
    if dead:
        yield (
            f"With {'; '.join(words(one.varied) for one in dead[:10])} the output is the same for"
            " every sample (median AUC 0.5): these networks stayed finite but tell nothing apart."
        )


def _regions(stable_to: float, diverging_from: float) -> Iterator[str]:
    if not math.isnan(stable_to):
        yield f"Up to a learning rate of {stable_to:g} no run diverged."
    if not math.isnan(diverging_from):
        yield f"From {diverging_from:g} on every run diverged."


def _refused(results: Results) -> Iterator[str]:
    """The combinations that were not run, each reason once."""
    reasons: dict[str, list[Variant]] = {}
    for row in results.rows:
        if row.outcome.fate is Fate.REFUSED:
            reasons.setdefault(row.outcome.reason, []).append(row.variant)
    for reason, variants in list(reasons.items())[:10]:
        runs = "1 run was" if len(variants) == 1 else f"{len(variants)} runs were"
        yield f"{runs} refused, as with {words(variants[0].varied)}: {reason.rstrip('.')}."


def _failed(summary: Summary) -> bool:
    return summary.ended < summary.runs


def _accuracy(summary: Summary) -> float:
    value = summary.accuracy.median
    return -1.0 if math.isnan(value) else value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
