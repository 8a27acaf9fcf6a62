"""Statistics of a sweep, worked by hand."""

import math

import numpy as np
import pytest

from model.lab.loss_bands import loss_bands
from model.lab.outcome import Fate, Outcome, ShareScores, refused
from model.lab.row import Row
from model.lab.summaries import Spread, heat_table, rates, spread, summaries
from model.lab.variants import Variant

RATE, DRAWN = "training.learning_rate", "network.initializer"
NAN = math.nan
TEST = ShareScores(0.5, 0.9, 0.95)


def row(
    loss: float,
    rate: float = 0.1,
    drawn: str = "he",
    fate: Fate = Fate.FINISHED,
    test: ShareScores = TEST,
    curve: tuple[float, ...] = (),
) -> Row:
    curves = np.full((len(curve), 4), NAN)
    curves[:, 0] = curve
    train = ShareScores(loss, 0.7, 0.75)
    outcome = Outcome(fate, "", len(curve), train, test, curves, 0.0)
    return Row(Variant(0, ((RATE, rate), (DRAWN, drawn)), None), outcome)


def test_spread_is_linear_between_values_and_passes_over_nan() -> None:
    assert spread([3, 1, NAN, 2, 5, 4]) == Spread(1.2, 2.0, 3.0, 4.0, 4.8)
    assert spread([7]) == Spread(7, 7, 7, 7, 7)
    assert math.isnan(spread([NAN]).median)


def test_summary_counts_what_diverged_and_keeps_it_out() -> None:
    rows = [row(1), row(3), row(1e9, fate=Fate.DIVERGED), row(2, fate=Fate.CONVERGED)]
    rows.append(Row(rows[0].variant, refused("no")))
    (found,) = summaries(rows, (RATE,))
    assert found.varied == ((RATE, 0.1),)
    assert (found.runs, found.diverged, found.refused, found.ended) == (5, 1, 1, 3)
    assert found.loss == Spread(1.1, 1.5, 2.0, 2.5, 2.9)
    assert found.accuracy.median == 0.9


def test_constant_counts_runs_whose_output_is_the_same_everywhere() -> None:
    """Not by the median: 0.2 and 0.8 have that of a constant output; and not by one small share."""

    def scored(train: float, test: float, fate: Fate = Fate.FINISHED) -> Row:
        scores = (ShareScores(1.0, 0.5, auc) for auc in (train, test))
        return Row(row(1).variant, Outcome(fate, "", 0, *scores, np.empty((0, 4)), 0.0))

    (found,) = summaries([scored(0.2, 0.2), scored(0.8, 0.8)], ())
    assert (found.auc.median, found.constant) == (0.5, 0)
    rows = [scored(0.5, 0.5), scored(0.5, NAN), scored(0.6, 0.5), scored(0.5, 0.5, Fate.DIVERGED)]
    (found,) = summaries(rows, ())
    assert (found.constant, found.ended) == (2, 3)


def test_scores_are_those_of_training_where_there_is_no_test_set() -> None:
    (found,) = summaries([row(1, test=ShareScores(NAN, NAN, NAN))], ())
    assert (found.accuracy.median, found.auc.median) == (0.7, 0.75)


def test_auc_that_is_not_defined_is_not_that_of_training() -> None:
    (found,) = summaries([row(1, test=ShareScores(0.2, 1.0, NAN))], ())
    assert math.isnan(found.auc.median)


def test_summaries_are_in_the_order_of_the_rows() -> None:
    rows = [row(1, 0.1, "he"), row(1, 0.01, "he"), row(1, 0.1, "zeros"), row(1, 0.01, "he")]
    found = summaries(rows, (RATE, DRAWN))
    assert [(dict(s.varied)[RATE], dict(s.varied)[DRAWN], s.runs) for s in found] == [
        (0.1, "he", 1),
        (0.01, "he", 2),
        (0.1, "zeros", 1),
    ]


@pytest.mark.parametrize(
    ("fates", "stable", "diverging"),
    [
        ("FF FF FF", 1.0, NAN),
        ("FF FD DD", 0.01, 1.0),
        ("FF FD FF", 0.01, NAN),
        ("FD FF DD", NAN, 1.0),
        ("DD DD DD", NAN, 0.01),
        ("FF DD FD", 0.01, NAN),
    ],
)
def test_regions_of_the_learning_rate(fates: str, stable: float, diverging: float) -> None:
    letters = {"F": Fate.FINISHED, "D": Fate.DIVERGED}
    rows = [
        row(rate, rate, fate=letters[letter])
        for rate, pair in zip((0.01, 0.1, 1.0), fates.split(), strict=True)
        for letter in pair
    ]
    found = rates(reversed(rows))
    assert found.rates.tolist() == [0.01, 0.1, 1.0]
    assert (repr(found.stable_to), repr(found.diverging_from)) == (repr(stable), repr(diverging))
    assert found.diverged.tolist() == [pair.count("D") / 2 for pair in fates.split()]
    assert np.array_equal(np.isnan(found.losses).sum(axis=1), 2 * found.diverged)
    assert not found.losses.flags.writeable


def test_rates_pass_over_what_was_refused() -> None:
    refusal = Row(row(1, -1).variant, refused("no"))
    found = rates([row(2, 0.1), row(4, 0.1), row(6, 1), refusal])
    assert found.median.tolist() == [3, 6]
    assert np.array_equal(found.losses, [[2, 4], [6, NAN]], equal_nan=True)


def test_heat_table_has_a_median_for_each_pair() -> None:
    rows = [row(1, 0.1, "he"), row(3, 0.1, "he"), row(5, 1, "he"), row(7, 0.1, "zeros")]
    rows.append(row(9, 1, "zeros", Fate.DIVERGED))
    found = heat_table(rows, DRAWN, RATE)
    assert (found.row_values, found.column_values) == (("he", "zeros"), (0.1, 1))
    assert np.array_equal(found.values, [[2, 5], [7, NAN]], equal_nan=True)
    assert found.diverged.tolist() == [[0, 0], [0, 1]]
    assert heat_table(rows, RATE, DRAWN, "accuracy").values[0].tolist() == [0.9, 0.9]


def test_band_keeps_the_last_loss_of_what_converged_and_drops_what_diverged() -> None:
    rows = [
        row(0, curve=(8, 6, 4, 2)),
        row(0, curve=(6, 5), fate=Fate.CONVERGED),
        row(0, curve=(10, 99, math.inf), fate=Fate.DIVERGED),
    ]
    (band,) = loss_bands(rows, (RATE,), epochs=4)
    assert band.varied == ((RATE, 0.1),)
    assert band.epochs.tolist() == [0, 1, 2, 3]
    assert band.runs.tolist() == [3, 3, 2, 2]
    assert band.median.tolist() == [8, 6, 4.5, 3.5]
    assert band.p25.tolist() == [7, 5.5, 4.25, 2.75]
    assert band.p75.tolist() == [9, 52.5, 4.75, 4.25]
    assert band.diverged == 1


def test_band_of_runs_that_ended_early_ends_with_the_longest() -> None:
    rows = [row(0, curve=(3, 2), fate=Fate.CONVERGED), row(0, curve=(3, 2, 1), fate=Fate.CONVERGED)]
    (band,) = loss_bands([*rows, Row(row(0, 9).variant, refused("no"))], (RATE,), epochs=1000)
    assert band.epochs.tolist() == [0, 2]
    assert band.median.tolist() == [3, 1.5]


def test_band_has_few_points_however_long_the_runs() -> None:
    curve = tuple(np.linspace(1, 0, 20_001).tolist())
    (band,) = loss_bands([row(0, curve=curve)], (), epochs=20_001)
    assert len(band.epochs) == 500
    assert (band.epochs[0], band.epochs[-1]) == (0, 20_000)
    assert np.array_equal(band.median, np.array(curve)[band.epochs])
