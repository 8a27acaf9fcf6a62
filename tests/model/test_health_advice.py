"""Advice: nothing is said of healthy runs, each failure is recognised, and sentences say why."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.health_runs import FAILING, HEALTHY, LAB, Trial
from model import RunSettings
from model.analysis.health_advice import RULES, Rule, advice
from model.analysis.health_evidence import Evidence, evidence
from model.analysis.layer_health import Advice
from model.training.session import Session

SOON = 30
"""Epochs within which a failure is told."""

TRIALS = {trial.name: trial for trial in (*HEALTHY, *FAILING)}


def _evidence(session: Session) -> Evidence:
    with np.errstate(all="ignore"):
        session.current_run.evaluate_epoch()
        return evidence(session.current_run)


def _kinds(session: Session) -> set[str]:
    return {found.kind for found in advice(_evidence(session))}


def _is_well(trial: Trial, seed: int, epochs: list[int]) -> None:
    """But for half a layer that is dead, which is told although the others make up for it."""
    session = trial.session(seed)
    for epoch in epochs:
        session.run(epochs=epoch - session.epoch)
        said = _kinds(session) - ({"dead units"} if trial.name == "six layers of ReLU" else set())
        assert not said, (trial.name, seed, epoch)


@pytest.mark.parametrize("seed", range(50))
def test_lab_stays_without_a_warning(seed: int) -> None:
    """Early, where it changes fast, often."""
    _is_well(LAB, seed, [*range(10), *range(10, 100, 10), *range(100, 1001, 50)])


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_lab_stays_without_a_warning_at_every_epoch(seed: int) -> None:
    _is_well(LAB, seed, list(range(1001)))


@pytest.mark.parametrize("trial", HEALTHY, ids=lambda trial: trial.name)
def test_other_networks_that_learn_stay_without_a_warning(trial: Trial) -> None:
    _is_well(trial, 0, [*range(0, 50, 5), *range(50, 201, 50)])


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("trial", HEALTHY, ids=lambda trial: trial.name)
def test_other_networks_stay_without_a_warning_at_every_epoch(trial: Trial, seed: int) -> None:
    _is_well(trial, seed, list(range(trial.epochs + 1)))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("trial", FAILING, ids=lambda trial: trial.name)
def test_failure_is_recognised_soon(trial: Trial, seed: int) -> None:
    session, kinds = trial.session(seed), set[str]()
    while not kinds & set(trial.kinds) and session.epoch < SOON and session.state != "failed":
        kinds |= _kinds(session)
        session.run(epochs=1)
    kinds |= _kinds(session)
    assert kinds & set(trial.kinds), kinds


def test_every_kind_is_met_by_a_failure() -> None:
    assert {kind for trial in FAILING for kind in trial.kinds} == {rule.kind for rule in RULES}


def test_zeros_are_told_before_the_first_step() -> None:
    found = advice(_evidence(TRIALS["zeros, ReLU"].session(0)))
    assert [(each.kind, each.layer) for each in found] == [("equal units", 1), ("equal units", 2)]
    assert found[0].sentence.startswith("Layer 1: its 10 units are all the same. Their weights")
    assert "differ by 0 % of their size; at 0.1 % or less" in found[0].sentence


def test_dead_network_at_a_huge_rate_is_told_where_the_run_ended() -> None:
    session = TRIALS["α = 1000"].session(0)
    session.run()
    assert session.state == "failed"
    found = {each.kind: each for each in advice(_evidence(session))}
    assert {"rising loss", "dead units"} <= found.keys()
    assert "learning rate of 1000 is too large" in found["rising loss"].sentence
    losses = [*session.history.loss[-49:], _loss(session)]
    expected = max(losses) / session.history.loss[0]
    assert found["rising loss"].number == pytest.approx(expected, rel=1e-9)


def _loss(session: Session) -> float:
    return float(session.current_run.evaluate()[0])


def test_numbers_that_are_none_are_never_wrong() -> None:
    """A loss that became NaN is a rise without end; what was not measured says nothing."""
    session = LAB.session(0)
    session.run(epochs=3)
    state = _evidence(session)
    layers = tuple(
        replace(layer, difference=np.nan, dead_share=np.nan, saturated_share=np.nan)
        for layer in state.layers
    )
    nothing = replace(
        state, layers=layers, rise=np.nan, pace=np.nan, output_spread=np.nan,
        gradient_norms=np.full(3, np.nan), handed_back=np.nan, slopes=np.nan, left=np.nan,
        frozen_share=np.nan,
    )  # fmt: skip
    assert advice(nothing) == ()
    assert {each.kind for each in advice(replace(state, rise=np.inf))} == {"rising loss"}


def _provoked(rule: Rule, state: Evidence) -> Advice:
    """The rule's advice on a healthy state with one number beyond the limit."""
    beyond = rule.limit * (3.0 if rule.wrong(np.inf, rule.limit) else 1 / 3)
    changes: dict[str, dict[str, float]] = {
        "equal units": {"difference": beyond},
        "dead units": {"dead_share": 0.75},
        "saturated units": {"saturated_share": 0.75},
    }
    if rule.kind in changes:
        layers = (
            state.layers[0],
            replace(state.layers[1], **changes[rule.kind]),
            *state.layers[2:],
        )
        state = replace(state, layers=layers, epoch=50)
    else:
        state = replace(state, **{
            "rising loss": {"rise": beyond},
            "exploding gradient": {"gradient_norms": np.array([1.0, beyond, 1.0])},
            "vanishing gradient": {"handed_back": beyond, "slopes": beyond},
            "frozen layers": {"frozen_share": 1.0},
            "constant output": {"output_spread": beyond},
            "standstill": {"pace": beyond},
        }[rule.kind])  # fmt: skip
    (found,) = advice(state)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_sentence_names_layer_number_and_limit(rule: Rule) -> None:
    session = LAB.session(0)
    session.run(epochs=3)
    found = _provoked(rule, _evidence(session))
    assert (found.kind, found.limit) == (rule.kind, rule.limit)
    assert rule.words(found.number) in found.sentence
    assert rule.words(found.limit) in found.sentence
    assert found.layer == 0 or found.sentence.startswith(f"Layer {found.layer}: ")
    whole = rule.general or rule.kind in {"rising loss", "frozen layers"}
    assert found.layer in ({0} if whole else {1, 2})
    assert found.remedy.endswith(".")
    assert "{" not in found.sentence + found.remedy


def _settings(training: dict[str, object], **network: object) -> RunSettings:
    training = {"epochs": 10**8, **training}
    return RunSettings.model_validate({"network": network, "training": training})


def _stays_stuck(rate: float, seed: int) -> None:
    """Long after dW of the output layer has gone, as the samples' parts of it cancel."""
    settings = _settings({"learning_rate": rate}, layers=[10] * 8, activation="sigmoid", seed=seed)
    session = Session(settings)
    for epoch in (1, 100, 1000):
        session.run(epochs=epoch - session.epoch)
        assert _kinds(session) == {"vanishing gradient"}, (rate, seed, epoch)


@pytest.mark.parametrize("rate", [0.01, 0.1, 1.0])
def test_vanishing_gradient_is_told_as_long_as_the_network_is_stuck(rate: float) -> None:
    _stays_stuck(rate, 0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [*range(1, 10), 14])
@pytest.mark.parametrize("rate", [0.01, 0.1, 1.0])
def test_vanishing_gradient_is_told_whatever_the_seed(rate: float, seed: int) -> None:
    _stays_stuck(rate, seed)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.3])
def test_a_network_at_its_minimum_is_not_slow(rate: float) -> None:
    """A linear one, which happens to begin at 0.306 and can do no better than 0.286."""
    session = Session(_settings({"learning_rate": rate}, activation="identity"))
    for epoch in (1, 10, 50, 100, 500, 1000):
        session.run(epochs=epoch - session.epoch)
        assert not _kinds(session), epoch
    assert _evidence(session).left > 0.9


def test_a_network_that_begins_well_can_be_slow() -> None:
    session = Session(_settings({"learning_rate": 1e-6}, activation="identity"))
    session.run(epochs=50)
    assert _kinds(session) == {"standstill"}


def test_units_of_zeros_part_where_their_biases_differ() -> None:
    network = {"initializer": "zeros", "activation": "tanh", "layers": [10]}
    training: dict[str, object] = {"learning_rate": 1.0}
    apart = Session(_settings(training, bias_initializer="normal", **network))
    alike = Session(_settings(training, **network))
    for epoch in (0, 1, 5, 500):
        for session in (apart, alike):
            session.run(epochs=epoch - session.epoch)
        assert "equal units" not in _kinds(apart)
        assert "equal units" in _kinds(alike)
    assert apart.history.loss[-1] < 0.3 < alike.history.loss[-1]


def test_saturated_units_that_have_learnt_are_not_told() -> None:
    settings = _settings({"learning_rate": 10.0}, activation="tanh", initializer="xavier")
    session = Session(settings)
    session.run(epochs=500)
    state = _evidence(session)
    assert state.left < 0.2
    assert max(layer.saturated_share for layer in state.layers[:2]) > 0.6
    assert advice(state) == ()
    told = advice(replace(state, left=1.0))
    assert [(each.kind, each.layer) for each in told] == [
        ("saturated units", 1),
        ("saturated units", 2),
    ]
    assert "above 35 % it hardly learns." in told[0].sentence
    assert "above 35 % it and the layers before it hardly learn." in told[1].sentence


@pytest.mark.parametrize("seed", [3, 4, 6, 14])
def test_dead_units_that_come_back_are_waited_for(seed: int) -> None:
    """Half of a layer that lies behind another is dead at first, and the network learns."""
    session = Session(_settings({"learning_rate": 0.1}, layers=[10] * 8, seed=seed))
    for epoch in (0, 1, 5, 9):
        session.run(epochs=epoch - session.epoch)
        assert not _kinds(session)
        if not epoch:
            assert max(layer.dead_share for layer in _evidence(session).layers[:8]) >= 0.5


def test_dead_units_that_stay_so_are_told() -> None:
    """In layer 1, which nothing before it moves, and in a layer that is wholly dead, at once."""
    first, second = (TRIALS[f"half of layer {layer} dead"].session(0) for layer in (1, 2))
    assert _kinds(first) == {"dead units"}
    assert not _kinds(second)
    state = _evidence(second)
    whole = (state.layers[0], replace(state.layers[1], dead_share=1.0), state.layers[2])
    assert [each.layer for each in advice(replace(state, layers=whole))] == [2]
    second.run(epochs=10)
    assert _kinds(second) == {"dead units"}


def test_frozen_layers_are_told_where_all_are() -> None:
    session = LAB.session(0)
    for layer in (1, 2, 3):
        assert not _kinds(session)
        session.change_layer("freeze", layer)
    (found,) = advice(_evidence(session))
    assert found.sentence == (
        "100 % of the 3 layers are frozen: at 100 % nothing can move, whatever the learning rate."
    )
    session.run(epochs=20)
    assert _kinds(session) == {"frozen layers"}
    session.change_layer("free", 2)
    assert not _kinds(session)


def test_general_rules_are_silent_where_a_cause_is_known() -> None:
    session = LAB.session(0)
    session.run(epochs=1)
    state = replace(_evidence(session), output_spread=0.0, pace=0.0)
    assert {each.kind for each in advice(state)} == {"constant output", "standstill"}
    assert {each.kind for each in advice(replace(state, rise=9.0))} == {"rising loss"}
