"""Forensics: the first tensor that is not finite, its element, its operands and the cause."""

from collections.abc import Callable

import numpy as np
import pytest

from model import RunSettings, Session
from model.analysis.failure_causes import CAUSES
from model.analysis.forensics import Lookup, diagnose
from model.data.preparation import prepared
from model.nn.operations import Phase, TensorName
from model.training.debug_views import Diagnosis
from model.training.run import Run

Settings = Callable[..., RunSettings]
Tensors = dict[TensorName, np.ndarray]

LINEAR = {"loss": "half_squared_error"}


class Iteration:
    """One complete iteration whose tensors can be falsified one by one."""

    def __init__(self, settings: RunSettings) -> None:
        self.run = Run(settings, prepared(settings.data))
        self.before = self.state()
        self.run.iterate()
        self.after = self.state()

    def state(self) -> Tensors:
        names = {name for o in self.run.program for name in (o.result, *o.operands)}
        return {name: self.run._now.tensor(name).copy() for name in names}

    def diagnose(self, **more: float) -> Diagnosis | None:
        fused = self.run.network.architecture.fused
        lookup: Lookup = self.after.__getitem__
        return diagnose(self.run.program, lookup, self.before.__getitem__, fused, 7, **more)


@pytest.fixture
def iteration(small_settings: Settings) -> Iteration:
    return Iteration(small_settings())


def failing(
    settings: RunSettings, spoil: Callable[[Run], object], iterations: int = 1
) -> Diagnosis | None:
    """What is found in a real run after something was planted before its last iteration."""
    run = Run(settings, prepared(settings.data))
    with np.errstate(all="ignore"):
        for _ in range(iterations - 1):
            run.iterate()
        spoil(run)
        before = run.network.copy()
        run.iterate()
    kinds = {"W": before.W, "b": before.b}
    fused = run.network.architecture.fused

    def lookup_before(name: TensorName) -> np.ndarray:
        return kinds[name.name][name.layer - 1]

    return diagnose(run.program, run._now.tensor, lookup_before, fused, run.iteration - 1)


def test_healthy_iteration_has_no_diagnosis(iteration: Iteration) -> None:
    assert iteration.diagnose() is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", range(31))
def test_first_operation_is_found_wherever_it_broke(
    place: int, value: float, iteration: Iteration
) -> None:
    """Everything after it is broken as well, as it would be."""
    operations = iteration.run.program
    head = TensorName("dA", 3)
    for operation in operations[place:]:
        iteration.after[operation.result].reshape(-1)[-1] = value
    found = iteration.diagnose()
    assert found is not None
    expected = operations[place + (operations[place].result == head)]
    assert found.operation == expected
    shape = np.atleast_2d(iteration.after[expected.result]).shape
    assert found.element == (shape[0] - 1, shape[1] - 1)
    assert str(found.value) == str(value)
    operands = expected.operands if expected.result.name != "J" else (("Z", 3), ("Y", 0))
    assert [name for name, _, _ in found.operands] == list(operands)
    assert found.cause.endswith((".", "∞."))
    assert found.good == 7 - (expected.phase in (Phase.FORWARD, Phase.LOSS))


def test_head_that_is_not_fused_is_not_passed_over(small_settings: Settings) -> None:
    iteration = Iteration(small_settings(training=LINEAR))
    iteration.after[TensorName("dA", 3)][0, 4] = np.inf
    found = iteration.diagnose()
    assert found is not None
    assert (str(found.operation.result), found.element) == ("dA[3]", (0, 4))


def test_nan_in_the_input_is_the_data_s_fault(small_settings: Settings) -> None:
    def spoil(run: Run) -> None:
        run._now.batch.A[0][1, 5] = np.nan

    found = failing(small_settings(), spoil)
    assert found is not None
    assert (str(found.operation.result), found.element) == ("Z[1]", (0, 5))
    assert found.cause.startswith("X held NaN")
    assert "data" in found.cause


@pytest.mark.parametrize("name", ["W", "b"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_nan_in_a_parameter_is_found_where_it_is_first_used(
    layer: int, name: str, small_settings: Settings
) -> None:
    def spoil(run: Run) -> None:
        getattr(run.network, name)[layer - 1][0, 0] = np.nan

    found = failing(small_settings(), spoil, iterations=4)
    assert found is not None
    assert (str(found.operation.result), found.element) == (f"Z[{layer}]", (0, 0))
    assert found.cause.startswith(f"{name}[{layer}] held NaN")
    assert found.good == 2


@pytest.mark.parametrize(("rate", "network"), [(1e100, {}), (1e200, {}), (1e300, {"seed": 3})])
def test_learning_rate_that_is_far_too_large_is_named(
    rate: float, network: dict[str, object], small_settings: Settings
) -> None:
    settings = RunSettings.model_validate({"network": network, "training": {"learning_rate": rate}})
    run = Run(settings, prepared(settings.data))
    found = None
    with np.errstate(all="ignore"):
        while found is None and run.iteration < 20:
            before = run.network.copy()
            run.iterate()
            kinds = {"W": before.W, "b": before.b}
            found = diagnose(
                run.program,
                run._now.tensor,
                lambda name: kinds[name.name][name.layer - 1],  # noqa: B023
                True,
                run.iteration - 1,
                rate,
            )
    assert found is not None
    assert found.operation.result == run.first_nonfinite()
    assert "learning rate" in found.cause
    assert f"{rate:.2g}" in found.cause
    early = found.operation.phase in (Phase.FORWARD, Phase.LOSS)
    assert found.good == run.iteration - 1 - early


def _set(iteration: Iteration, name: str, layer: int, value: float) -> None:
    for state in (iteration.before, iteration.after):
        state[TensorName(name, layer)][...] = value


def test_overflow_of_products_names_both_factors(iteration: Iteration) -> None:
    _set(iteration, "W", 2, 1e200)
    _set(iteration, "A", 1, 1e150)
    iteration.after[TensorName("Z", 2)][1, 3] = np.inf
    found = iteration.diagnose()
    assert found is not None
    assert found.cause.startswith(
        "Overflow: products of W[2] (up to 1e+200) and A[1] (up to 1e+150)"
    )
    assert "exceed the largest 64-bit number, 1.8e+308" in found.cause
    assert [low == high for _, low, high in found.operands] == [True, True, True]


def test_weights_before_the_update_are_the_operands(iteration: Iteration) -> None:
    iteration.before[TensorName("W", 3)][...] = 1e200
    iteration.after[TensorName("dA", 2)][0, 0] = np.inf
    found = iteration.diagnose()
    assert found is not None
    assert found.operands[0] == (TensorName("W", 3), 1e200, 1e200)


def test_infinities_of_both_signs_cancel(iteration: Iteration) -> None:
    W = np.full((3, 4), 1e200)
    W[:, 1] = -1e200
    iteration.before[TensorName("W", 2)][...] = W
    _set(iteration, "A", 1, 1e200)
    iteration.after[TensorName("Z", 2)][0, 0] = np.nan
    found = iteration.diagnose()
    assert found is not None
    assert found.cause.startswith("∞ − ∞")


def test_zero_times_infinity_is_told_from_a_sum(iteration: Iteration) -> None:
    iteration.after[TensorName("X")][0, 2] = np.inf
    iteration.before[TensorName("W", 1)][:, 0] = 0.0
    iteration.after[TensorName("Z", 1)][0, 2] = np.nan
    found = iteration.diagnose()
    assert found is not None
    assert found.cause.startswith("0 · ∞ in the product of W[1] and X")


def test_a_loss_computed_from_z_is_never_a_log_of_zero() -> None:
    """Weights of some 1e307 saturate the output, and the sum of the losses overflows."""
    settings = RunSettings.model_validate(
        {
            "network": {"layers": [10], "activation": "sigmoid"},
            "training": {"learning_rate": 1e308},
        }
    )
    session = Session(settings)
    session.run()
    found = session.diagnosis
    assert found is not None
    assert str(found.operation.result) == "J"
    assert [str(name) for name, _, _ in found.operands] == ["Z[2]", "Y"]
    assert all(np.isfinite(end) for _, *ends in found.operands for end in ends)
    assert found.cause.startswith("Overflow in the loss: with Z[2] up to 4.8e+307")


@pytest.mark.parametrize("amid", [0, 1])
def test_a_weight_set_by_hand_is_blamed_before_a_small_learning_rate(amid: int) -> None:
    session = Session()
    session.step("iteration", 2)
    session.step("operation", amid)
    session.set_element(TensorName("W", 2), 0, 0, 1e300)
    session.run()
    assert session.diagnosis is not None
    assert session.failure is not None
    assert "by hand: W[2] 1,1 = 1e+300" in session.diagnosis.cause
    assert "learning rate" not in session.diagnosis.cause
    assert session.failure.hint.startswith("undo W[2] 1,1 = 1e+300")


def test_a_harmless_edit_is_not_blamed_for_a_learning_rate() -> None:
    session = Session(RunSettings.model_validate({"training": {"learning_rate": 1e100}}))
    session.set_element(TensorName("W", 2), 0, 0, 5e3)
    session.run()
    assert session.diagnosis is not None
    assert "learning rate" in session.diagnosis.cause
    assert "by hand" not in session.diagnosis.cause


def test_overflow_of_the_squared_error(small_settings: Settings) -> None:
    settings = small_settings(network={"output_activation": "identity"}, training=LINEAR)

    def spoil(run: Run) -> None:
        run.network.b[2][...] = 1e200

    found = failing(settings, spoil)
    assert found is not None
    assert str(found.operation.result) == "J"
    assert found.cause.startswith("Overflow in the loss: with A[3] up to 1e+200")


def test_step_and_its_sum_are_the_learning_rate_s_fault(iteration: Iteration) -> None:
    iteration.after[TensorName("update_W", 1)][0, 0] = -np.inf
    found = iteration.diagnose(learning_rate=1e300)
    assert found is not None
    assert "the learning rate of 1e+300 times" in found.cause
    iteration.after[TensorName("update_W", 1)][0, 0] = 1.0
    iteration.after[TensorName("W", 1)][0, 0] = np.inf
    found = iteration.diagnose()
    assert found is not None
    assert "their sum exceeds" in found.cause


def test_single_precision_says_how_far_it_reaches(small_settings: Settings) -> None:
    found = failing(
        small_settings(network={"dtype": "float32", "activation": "relu"}),
        lambda run: [W.fill(1e30) for W in run.network.W],
    )
    assert found is not None
    assert "the largest 32-bit number, 3.4e+38" in found.cause


def test_every_cause_ends_the_search_with_the_last_one() -> None:
    assert len({cause.name for cause in CAUSES}) == len(CAUSES)
    assert CAUSES[-1].applies(None)  # type: ignore[arg-type]
