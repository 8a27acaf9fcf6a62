"""Accuracy, confusion and ROC beside scikit-learn's, and where they are not defined."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from model import RunSettings, Session, train
from model.training.metrics import scores
from model.training.snapshots import View

SAMPLES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), st.booleans()),
    min_size=2,
    max_size=60,
).filter(lambda samples: len({label for _, label in samples}) == 2)


@given(samples=SAMPLES, threshold=st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0]))
def test_scores_are_scikit_learns(samples: list[tuple[float, bool]], threshold: float) -> None:
    probability, y = (np.array(column, float) for column in zip(*samples, strict=True))
    found = scores(probability, y, 0.25, threshold, roc=True)
    predicted = probability >= threshold
    assert found.confusion == tuple(sklearn_metrics.confusion_matrix(y, predicted).ravel())
    assert found.accuracy == pytest.approx(sklearn_metrics.accuracy_score(y, predicted))
    assert found.auc == pytest.approx(sklearn_metrics.roc_auc_score(y, probability), rel=1e-12)
    false, true, thresholds = sklearn_metrics.roc_curve(y, probability)
    np.testing.assert_allclose(found.false_positive_rate, false)
    np.testing.assert_allclose(found.true_positive_rate, true)
    np.testing.assert_array_equal(found.roc_threshold, thresholds)
    assert found.loss == 0.25


def test_roc_by_hand() -> None:
    """Of the four pairs of a positive and a negative one is in the wrong order: AUC 3/4."""
    found = scores(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0, 1, 1]), 0.0, 0.5, roc=True)
    assert found.auc == 0.75
    assert found.confusion == (2, 0, 1, 1)
    assert found.accuracy == 0.75


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_auc_of_one_class_is_not_defined(label: float) -> None:
    found = scores(np.array([0.2, 0.9, 0.4]), np.full(3, label), 0.1, 0.5, roc=True)
    assert found.auc is not None
    assert math.isnan(found.auc)
    assert found.false_positive_rate is not None
    assert found.false_positive_rate.size == 0
    assert sum(found.confusion) == 3


def test_roc_of_scores_that_are_no_numbers_is_not_defined() -> None:
    found = scores(np.array([0.2, np.nan]), np.array([0.0, 1.0]), math.nan, 0.5, roc=True)
    assert found.auc is not None
    assert math.isnan(found.auc)


def test_accuracy_of_scores_that_are_no_numbers_is_not_defined() -> None:
    found = scores(np.array([0.2, np.nan]), np.array([0.0, 0.0]), math.nan, 0.5, roc=False)
    assert math.isnan(found.accuracy)


def test_run_whose_outputs_are_no_numbers_has_no_accuracy() -> None:
    """The first update leaves finite weights with which outputs are inf − inf."""
    session = Session(RunSettings.model_validate({"training": {"learning_rate": 1e300}}))
    session.run()
    assert session.failure is not None
    snapshot = session.snapshot(View())
    assert math.isnan(snapshot.train.accuracy)
    assert math.isnan(snapshot.test.accuracy)
    with np.errstate(all="ignore"):
        assert np.isnan(session.current_run.evaluate()).all()


def test_infinite_loss_of_outputs_that_are_numbers_leaves_the_accuracy() -> None:
    found = scores(np.array([0.0, 1.0]), np.array([0.0, 0.0]), math.inf, 0.5, roc=False)
    assert found.accuracy == 0.5


def test_scores_of_nothing_are_not_defined() -> None:
    found = scores(np.empty(0), np.empty(0), math.nan, 0.5, roc=True)
    assert math.isnan(found.accuracy)
    assert found.auc is not None
    assert math.isnan(found.auc)
    assert found.confusion == (0, 0, 0, 0)


def test_roc_is_left_out_where_nobody_asked() -> None:
    found = scores(np.array([0.2, 0.9]), np.array([0.0, 1.0]), 0.1, 0.5, roc=False)
    assert found.auc is None
    assert found.false_positive_rate is None


def test_training_with_one_class_in_the_test_set_is_no_error() -> None:
    """One test sample has one class; the training set's AUC is there all the same."""
    settings = {"data": {"n_samples": 10, "test_share": 0.1}, "training": {"epochs": 3}}
    result = train(RunSettings.model_validate(settings))
    assert len(result.data.y_test) == 1
    assert math.isnan(result.metrics["test"]["auc"])
    assert math.isfinite(result.metrics["train"]["auc"])
    assert result.metrics["test"]["accuracy"] in (0.0, 1.0)


@pytest.mark.parametrize("threshold", [0.5, 0.2])
@pytest.mark.parametrize("batch_size", [None, 12])
def test_snapshot_scores_are_those_of_the_present_weights(
    batch_size: int | None, threshold: float, small_settings: Callable[..., RunSettings]
) -> None:
    """Not of the state before the last update, and in the order of the data set."""
    session = Session(small_settings(training={"batch_size": batch_size}))
    session.run(epochs=15)
    snapshot = session.snapshot(View(threshold=threshold, roc=True))
    data, network = session.data, session.network
    for found, X, y in (
        (snapshot.train, data.X_train, data.y_train),
        (snapshot.test, data.X_test, data.y_test),
    ):
        probability = network.predict_proba(X)[:, 0]
        np.testing.assert_allclose(found.probability, probability, rtol=1e-13)
        assert found.accuracy == np.mean((probability >= threshold) == (y == 1))
        assert found.loss == pytest.approx(network.loss_and_gradients(X, y)[0], rel=1e-13)
        assert found.auc == pytest.approx(sklearn_metrics.roc_auc_score(y, probability))
