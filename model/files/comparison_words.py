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

MOST_LINES: Final = 50
"""Of a table that is to be read; the files hold all runs."""

MOST_NAMES: Final = 10
"""In one sentence."""

SAME: Final = 1e-12
"""Relative difference of losses that is rounding."""


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
        yield from _best(ended)
    yield from _diverged(results.summaries)
    yield from _constant(ended)
    if results.rates is not None:
        yield from _regions(results.rates.stable_to, results.rates.diverging_from)
    yield from _refused(results)


def progress_words(progress: Progress) -> str:
    """ "40 of 200 runs; about 12 s left"."""
    left = "" if progress.left is None else f"; about {duration_text(progress.left)} left"
    return f"{progress.done:,} of {progress.total:,} runs{left}"


def ended_words(progress: Progress) -> str:
    """ "150 runs in 12 s, 50 were there already, 3 diverged"."""
    there, refused = progress.reused, progress.refused
    parts = (
        (there, f"{_was(there)} there already"),
        (refused, f"{_was(refused)} refused"),
        (progress.diverged, "diverged"),
    )
    runs = f"{progress.computed:,} run{'s' * (progress.computed != 1)}"
    words = [f"{runs} in {duration_text(progress.seconds)}"]
    return ", ".join([*words, *(f"{count:,} {what}" for count, what in parts if count)])


def words(varied: Varied) -> str:
    """A combination of values in a few words; nothing varies but the seed where it is empty."""
    return label(Variant(0, varied, None)) or "all runs"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


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
    """The smaller share that failed comes first, then the smaller loss."""
    return _failed(summary), _loss(summary)


def _best(ended: Sequence[Summary]) -> Iterator[str]:
    """Among the values without a failure, where there are any."""
    if len(ended) == 1:
        yield f"{_capital(words(ended[0].varied))}: loss {_of_seeds(ended[0])}."
        return
    ranked = sorted([one for one in ended if not _failed(one)] or ended, key=_loss)
    alike = [one for one in ranked if math.isclose(_loss(one), _loss(ranked[0]), rel_tol=SAME)]
    best, others = alike[0], ranked[len(alike) :]
    without = " without a failure" if not _failed(best) and any(map(_failed, ended)) else ""
    has = "has" if len(alike) == 1 else "is the same with"
    yield f"The lowest loss{without} {has} {_names(alike)}: {_of_seeds(best)}."
    yield from _fewest_failures(ended, alike)
    yield from _certainty(best, others)
    yield from _most_accurate(ended, best)


def _fewest_failures(ended: Sequence[Summary], best: Sequence[Summary]) -> Iterator[str]:
    """Where every value has some, the lowest loss may be that of the few runs that are left."""
    share = min(map(_failed, ended))
    fewest = [one for one in ended if _failed(one) == share]
    if share and not all(one in fewest for one in best):
        yield f"The smallest share of failures has {_names(fewest)}: {percent_text(share)}."


def _certainty(best: Summary, others: Sequence[Summary]) -> Iterator[str]:
    """Whether the next one would be as good with other seeds."""
    if not others:
        return
    second = others[0]
    if best.ended == second.ended == 1:
        yield "How sure that is, one run each does not tell: several seeds would."
    elif second.loss.p25 <= best.loss.p75:
        yield (
            f"It is not clearly apart from {words(second.varied)}"
            f" ({loss_text(second.loss.median)}): the middle halves of their runs overlap."
        )


def _most_accurate(ended: Sequence[Summary], best: Summary) -> Iterator[str]:
    """Where it is another one than that of the lowest loss."""
    highest = max(map(_accuracy, ended))
    if highest > _accuracy(best):
        yield (
            f"The highest accuracy has {_names([o for o in ended if _accuracy(o) == highest])}:"
            f" {percent_text(highest)}, beside"
            f" {percent_text(best.accuracy.median)} for {words(best.varied)}."
        )


def _of_seeds(summary: Summary) -> str:
    if summary.ended == 1:
        return f"{loss_text(summary.loss.median)} in one run"
    return f"{loss_text(summary.loss.median)} in the median of {summary.ended} runs"


def _diverged(summaries: Sequence[Summary]) -> Iterator[str]:
    """Which values diverge; always, and sometimes."""
    some = [f"{words(o.varied)} ({o.diverged} of {o.runs})" for o in summaries if o.diverged]
    if some:
        yield f"Runs diverged with {_listed(some)}."
    elif any(one.ended for one in summaries):
        yield "No run diverged."


def _constant(ended: Sequence[Summary]) -> Iterator[str]:
    """Where runs came to their end and learned nothing: stable is not the same as good."""
    dead = [f"{words(one.varied)} ({one.constant} of {one.ended})" for one in ended if one.constant]
    if dead:
        yield (
            "Of the runs that came to their end, these give every sample the same output"
            f" (AUC 0.5) and tell nothing apart: {_listed(dead)}."
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
    for reason, variants in list(reasons.items())[:MOST_NAMES]:
        runs = "1 run was" if len(variants) == 1 else f"{len(variants)} runs were"
        yield f"{runs} refused, as with {words(variants[0].varied)}: {reason.rstrip('.')}."
    rest = list(reasons.values())[MOST_NAMES:]
    if rest:
        yield f"{sum(map(len, rest))} more were refused for other reasons; runs.csv has them."


def _names(some: Sequence[Summary]) -> str:
    return _listed([words(one.varied) for one in some])


def _listed(names: Sequence[str]) -> str:
    """They hold commas themselves."""
    rest = len(names) - MOST_NAMES
    return "; ".join(names[:MOST_NAMES]) + (f" and {rest:,} more" if rest > 0 else "")


def _failed(summary: Summary) -> float:
    """The share of its runs that diverged or were refused."""
    return 1 - summary.ended / summary.runs


def _loss(summary: Summary) -> float:
    """NaN is last."""
    return math.inf if math.isnan(summary.loss.median) else summary.loss.median


def _accuracy(summary: Summary) -> float:
    value = summary.accuracy.median
    return -1.0 if math.isnan(value) else value


def _capital(text: str) -> str:
    """A symbol stays as it is: the capital of α is another one."""
    return text[:1].upper() + text[1:] if text[:1].isascii() else text
