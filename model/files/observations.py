"""The observations that the lab asks for, as sentences made from the numbers of a run."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from model.files.number_text import auc_text, loss_text, percent_text
from model.training.snapshots import State
from model.training.train import Result

MARKS: Final = (0, 100, 500)
"""Epochs at which the lab's sheet reads the loss, beside the last one."""
RECENT: Final = 100
LEVEL: Final = 0.001
"""A loss that changes by less than this share over the recent epochs has levelled off."""
RISEN: Final = 0.05
"""A test loss this share above its lowest value is a sign of overfitting."""


def observations(result: Result) -> tuple[str, ...]:
    """One sentence or two a topic; a run that diverged gets no conclusions about its quality."""
    if result.state is State.FAILED:
        return tuple(_diverged(result))
    topics = (_fall, _end, _generalisation, _accuracy, _ranking)
    return tuple(sentence for topic in topics for sentence in topic(result))


def _diverged(result: Result) -> Iterator[str]:
    failure, losses = result.failure, result.history.loss
    assert failure is not None
    yield f"The run diverged at epoch {failure.epoch}: {failure.reason}."
    finite = np.flatnonzero(np.isfinite(losses))
    if len(finite):
        lowest = finite[np.argmin(losses[finite])]
        yield (
            f"The loss began at {loss_text(float(losses[0]))}; its lowest recorded value is"
            f" {loss_text(float(losses[lowest]))}, at epoch {lowest}."
        )
    yield (
        "Accuracy and AUC above belong to the last finite weights and say nothing about what this"
        f" network could learn: {failure.hint.partition(';')[0]}."
    )


def _fall(result: Result) -> Iterator[str]:
    losses = result.history.loss
    last = len(losses) - 1
    if last < 1:
        return
    marks = [mark for mark in MARKS if mark < last] + [last]
    path = ", ".join(f"{loss_text(float(losses[mark]))} at epoch {mark}" for mark in marks)
    first, end = float(losses[0]), float(losses[last])
    if end < first:
        yield f"The training loss falls: {path}. That is {percent_text(1 - end / first)} less."
    else:
        yield f"The training loss does not fall: {path}."


def _end(result: Result) -> Iterator[str]:
    losses = result.history.loss
    if len(losses) <= RECENT:
        return
    before, end = float(losses[-1 - RECENT]), float(losses[-1])
    change = (end - before) / before if before else 0.0
    amount = f"by {percent_text(abs(change))} over the last {RECENT} epochs"
    if abs(change) < LEVEL:
        yield f"At the end it has levelled off: it changes {amount}."
    elif change < 0:
        yield f"At the end it is still falling, {amount}: more epochs may lower it further."
    else:
        yield f"At the end it is rising, {amount}: a smaller learning rate may help."


def _generalisation(result: Result) -> Iterator[str]:
    losses = result.history.test_loss
    if not len(losses) or not np.isfinite(losses).all():
        return
    lowest = int(np.argmin(losses))
    best, end = float(losses[lowest]), float(losses[-1])
    ends = (
        f"The test loss ends at {loss_text(end)} beside"
        f" {loss_text(float(result.history.loss[-1]))} on the training set"
    )
    if end > (1 + RISEN) * best:
        yield (
            f"{ends}. It was lowest at epoch {lowest} ({loss_text(best)}) and has risen since:"
            " a sign of overfitting."
        )
    else:
        yield (
            f"{ends}, close to its lowest value ({loss_text(best)} at epoch {lowest}): no sign of"
            " overfitting."
        )


def _accuracy(result: Result) -> Iterator[str]:
    true_negative, false_positive, false_negative, true_positive = result.snapshot.test.confusion
    count = true_negative + false_positive + false_negative + true_positive
    train = percent_text(result.metrics["train"]["accuracy"])
    if not count:
        yield f"There are no test points; {train} of the training points are told right."
        return
    yield (
        f"At threshold {result.snapshot.threshold:g} the network tells"
        f" {true_negative + true_positive} of {count} test points right"
        f" ({percent_text(result.metrics['test']['accuracy'])}; on the training set {train}):"
        f" {false_positive} of class 0 are taken for class 1, {false_negative} of class 1 for"
        " class 0."
    )


def _ranking(result: Result) -> Iterator[str]:
    auc = result.metrics["test"]["auc"]
    if math.isnan(auc):
        yield "The AUC on the test set is not defined: it does not hold points of both classes."
        return
    yield (
        f"The AUC on the test set is {auc_text(auc)}: of a test point of each class, the one of"
        f" class 1 gets the higher output in {percent_text(auc)} of all pairs (a coin: 50 %)."
    )
