"""Breakpoints: each condition at the right operation of the right iteration, and not before."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from model import RunSettings
from model.data.preparation import prepared
from model.errors import SettingsError, StateError
from model.nn.operations import TensorName
from model.settings import checked
from model.settings_fields import describe, with_changes
from model.training.breakpoints import ELSEWHERE, Breakpoints, Stop
from model.training.condition_kinds import CONDITIONS, BreakpointSettings
from model.training.conditions import (
    TENSORS,
    AccuracyReached,
    Condition,
    DeadUnits,
    EpochReached,
    IterationReached,
    LargestLimit,
    LossLimit,
    LossNotFinite,
    LossRising,
    NormLimit,
    UpdateRatio,
    ZerosLimit,
)
from model.training.measures import careful_norm, dead, largest, norm, update_ratio, zeros
from model.training.run import Run

Settings = Callable[..., RunSettings]


def run_of(settings: RunSettings) -> Run:
    return Run(settings, prepared(settings.data))


def tensor(run: Run, name: str, layer: int = 0) -> np.ndarray:
    return run._now.tensor(TensorName(name, layer))


def index(run: Run, name: str, layer: int = 0) -> int:
    return next(o.index for o in run.program if o.result == TensorName(name, layer))


def check(breakpoints: Breakpoints, run: Run, done: int = 0) -> Stop | None:
    """After the iteration that is complete in `run`."""
    now = run.iteration - 1
    return breakpoints.check(run._now.tensor, now, run.batches.per_epoch, run.history, done)


def stops(breakpoints: Breakpoints, run: Run, iterations: int) -> list[Stop]:
    """Every stop on the way, as if each was run on from at once."""
    found = []
    for _ in range(iterations):
        run.iterate()
        stop = check(breakpoints, run)
        if stop is not None:
            found.append(stop)
    return found


def ratio(run: Run, layer: int, before: np.ndarray) -> float:
    return np.linalg.norm(tensor(run, "update_W", layer)) / np.linalg.norm(before)


READ: dict[str, Callable[[Run, list[np.ndarray]], float]] = {
    "loss": lambda run, before: float(tensor(run, "J")),
    "norm": lambda run, before: np.linalg.norm(tensor(run, "dW", 2)),
    "largest": lambda run, before: np.abs(tensor(run, "Z", 1)).max(),
    "zeros": lambda run, before: (tensor(run, "dZ", 1) == 0).mean(),
    "update_ratio": lambda run, before: ratio(run, 1, before[0]),
    "dead_units": lambda run, before: (tensor(run, "A", 1) == 0).all(axis=1).mean(),
    "test": lambda run, before: float(run.evaluate()[3]),
}


def path(settings: RunSettings, quantity: str, iterations: int) -> list[float]:
    """What a quantity is in each iteration, from arrays and plain NumPy."""
    run, values = run_of(settings), []
    for _ in range(iterations):
        before = [W.copy() for W in run.network.W]
        run.iterate()
        values.append(READ[quantity](run, before))
    return values


CASES = [
    ("loss", "below", LossLimit, {}, ("J", 0)),
    ("norm", "above", NormLimit, {"tensor": "dW", "layer": 2}, ("dW", 2)),
    ("norm", "below", NormLimit, {"tensor": "dW", "layer": 2}, ("dW", 2)),
    ("largest", "above", LargestLimit, {"tensor": "Z", "layer": 1}, ("Z", 1)),
    ("zeros", "above", ZerosLimit, {"tensor": "dZ", "layer": 1}, ("dZ", 1)),
    ("zeros", "below", ZerosLimit, {"tensor": "dZ", "layer": 1}, ("dZ", 1)),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 12])
@pytest.mark.parametrize(("quantity", "side", "kind", "values", "place"), CASES)
def test_limit_stops_each_time_it_is_crossed_and_never_before(
    quantity: str,
    side: str,
    kind: type[Condition],
    values: dict[str, object],
    place: tuple[str, int],
    batch_size: int | None,
    dtype: str,
    small_settings: Settings,
) -> None:
    settings = small_settings(
        network={"activation": "relu", "dtype": dtype}, training={"batch_size": batch_size}
    )
    numbers = path(settings, quantity, 60)
    limit = float(np.median(numbers))
    beyond = [n > limit if side == "above" else n < limit for n in numbers]
    expected = [i for i, now in enumerate(beyond) if now and not (i and beyond[i - 1])]
    run = run_of(settings)
    breakpoints = Breakpoints(run.program)
    breakpoints.add(checked(kind, {**values, "side": side, "limit": limit}))
    found = stops(breakpoints, run, 60)
    assert expected
    assert [stop.iteration for stop in found] == expected
    assert {stop.operation for stop in found} == {index(run, *place)}
    for stop in found:
        assert stop.position == (stop.iteration, stop.operation + 1)
        shown = float(stop.hit.value.rstrip(" %").replace("−", "-"))
        share = 100 if quantity == "zeros" else 1
        assert shown == pytest.approx(share * numbers[stop.iteration], rel=1e-3)
    assert breakpoints.views()[0].hits == len(found)


def test_epoch_and_iteration_stop_at_their_beginning(small_settings: Settings) -> None:
    run = run_of(small_settings(training={"batch_size": 12}))
    breakpoints = Breakpoints(run.program)
    epoch = breakpoints.add(EpochReached(epoch=3))
    iteration = breakpoints.add(IterationReached(iteration=5))
    found = stops(breakpoints, run, 15)
    assert [(stop.hit.breakpoint, stop.position) for stop in found] == [
        (iteration, (5, 0)),
        (epoch, (3 * run.batches.per_epoch, 0)),
    ]
    assert [stop.hit.text for stop in found] == ["iteration 5 reached", "epoch 3 reached"]
    assert [stop.hit.value for stop in found] == ["5", "3"]


def test_loss_rising_stops_at_the_last_of_so_many_rises(small_settings: Settings) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    breakpoints.add(LossRising(epochs=3))
    losses = [5.0, 4.0, 4.1, 4.2, 4.0, 4.1, 4.2, 4.3, 4.4, 4.4, 4.5]
    found = []
    for i, loss in enumerate(losses):
        run.iterate()
        run.history.record(i, np.array([loss, loss, 0.5, 0.5]))
        if (stop := check(breakpoints, run)) is not None:
            found.append((stop.iteration, stop.operation, stop.hit.value))
    assert found == [(7, index(run, "J"), "4.3")]


def test_accuracy_stops_in_the_first_iteration_of_the_epoch(small_settings: Settings) -> None:
    settings = small_settings(training={"batch_size": 12})
    run = run_of(settings)
    breakpoints = Breakpoints(run.program)
    breakpoints.add(AccuracyReached(share="test", limit=0.7))
    numbers = path(settings, "test", 120)
    found = stops(breakpoints, run, 120)
    shares = run.history.test_accuracy
    crossed = [e for e, now in enumerate(shares >= 0.7) if now and not (e and shares[e - 1] >= 0.7)]
    assert max(numbers) >= 0.7
    assert [stop.iteration for stop in found] == [e * run.batches.per_epoch for e in crossed]


def test_loss_not_finite_stops_after_j(small_settings: Settings) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    breakpoints.add(LossNotFinite())
    run.iterate()
    assert check(breakpoints, run) is None
    run.iterate()
    tensor(run, "J")[...] = np.nan
    stop = check(breakpoints, run)
    assert stop is not None
    assert (stop.operation, stop.hit.value) == (index(run, "J"), "J = NaN")


def test_update_ratio_names_the_layer_and_uses_the_weights_before(
    small_settings: Settings,
) -> None:
    run = run_of(small_settings(training={"learning_rate": 50.0}))
    breakpoints = Breakpoints(run.program)
    breakpoints.add(UpdateRatio(low=0.0, high=1e-3))
    before = run.network.W[0].copy()
    run.iterate()
    stop = check(breakpoints, run)
    assert stop is not None
    assert stop.operation == index(run, "update_W", 1)
    name, number = stop.hit.value.split()
    assert name == "ΔW[1]"
    assert float(number) == pytest.approx(ratio(run, 1, before), rel=1e-3)


def test_dead_units_are_those_without_any_sample(small_settings: Settings) -> None:
    run = run_of(small_settings(network={"activation": "relu"}))
    run.network.W[1][...] = 0.0
    run.network.b[1][:, 0] = [-1.0, -1.0, 1.0]
    breakpoints = Breakpoints(run.program)
    breakpoints.add(DeadUnits(limit=0.6))
    run.iterate()
    stop = check(breakpoints, run)
    assert stop is not None
    assert stop.operation == index(run, "A", 2)
    assert stop.hit.value == "A[2] 66.67 %"
    assert Breakpoints(run.program).add(DeadUnits(layer=3)) == 1


def test_earliest_operation_of_the_program_wins_and_the_others_keep_their_turn(
    small_settings: Settings,
) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    late = breakpoints.add(NormLimit(tensor="dW", layer=1, limit=0.0))
    early = breakpoints.add(NormLimit(tensor="A", layer=2, limit=0.0))
    run.iterate()
    stop = check(breakpoints, run)
    assert stop is not None
    assert (stop.hit.breakpoint, stop.operation) == (early, index(run, "A", 2))
    again = check(breakpoints, run, done=stop.position[1])
    assert again is not None
    assert (again.hit.breakpoint, again.operation) == (late, index(run, "dW", 1))
    assert check(breakpoints, run, done=again.position[1]) is None
    run.iterate()
    assert check(breakpoints, run) is None
    assert [view.hits for view in breakpoints.views()] == [1, 1]


def test_coming_again_from_before_stops_again_and_from_after_does_not(
    small_settings: Settings,
) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    breakpoints.add(IterationReached(iteration=30))
    low = breakpoints.add(LossLimit(side="below", limit=0.6))
    first = next(s for s in stops(breakpoints, run, 100) if s.hit.breakpoint == low)
    run.go_to(first.iteration)
    again = stops(breakpoints, run, 20)
    assert (again[0].iteration, again[0].hit.breakpoint) == (first.iteration, low)
    run.go_to(first.iteration + 5)
    breakpoints.arm(run._before.tensor, first.iteration + 4, 1, run.history)
    assert low not in [stop.hit.breakpoint for stop in stops(breakpoints, run, 20)]


def test_operation_is_toggled_and_stops_every_iteration(small_settings: Settings) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    number = breakpoints.toggle_operation(9)
    last = breakpoints.toggle_operation(len(run.program) - 1)
    assert number is not None
    found = stops(breakpoints, run, 2)
    assert [stop.position for stop in found] == [(0, 10), (1, 10)]
    assert found[0].hit.text == run.program[9].formula
    end = check(breakpoints, run, done=10)
    assert end is not None
    assert (end.hit.breakpoint, end.position) == (last, (2, 0))
    assert breakpoints.views()[0].operation == 9
    assert breakpoints.toggle_operation(9) is None
    assert [view.number for view in breakpoints.views()] == [last]


def test_disabled_and_removed_ones_stop_nothing(small_settings: Settings) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    assert not breakpoints.active
    number = breakpoints.add(LossLimit(limit=0.0))
    other = breakpoints.toggle_operation(3)
    assert other is not None
    breakpoints.set_enabled(number, False)
    breakpoints.set_enabled(other, False)
    assert not breakpoints.active
    assert stops(breakpoints, run, 3) == []
    breakpoints.set_enabled(number, True)
    assert breakpoints.active
    assert len(stops(breakpoints, run, 3)) == 1
    breakpoints.remove(number)
    with pytest.raises(StateError, match=f"no breakpoint {number}"):
        breakpoints.set_enabled(number, True)
    assert [view.enabled for view in breakpoints.views()] == [False]


def test_another_network_puts_to_sleep_what_does_not_fit(small_settings: Settings) -> None:
    deep, flat = run_of(small_settings()), run_of(small_settings(network={"layers": [4]}))
    breakpoints = Breakpoints(deep.program)
    breakpoints.add(NormLimit(tensor="dW", layer=3, limit=0.0))
    breakpoints.toggle_operation(index(deep, "dZ", 2))
    breakpoints.toggle_operation(index(deep, "A", 3))
    breakpoints.use(flat.program)
    texts = [view.text for view in breakpoints.views()]
    assert texts[0] == "‖dW[3]‖ above 0" + ELSEWHERE
    assert breakpoints.views()[1].operation == index(flat, "dZ", 2)
    assert texts[2] == "A[3]" + ELSEWHERE
    found = stops(breakpoints, flat, 2)
    assert {stop.operation for stop in found} == {index(flat, "dZ", 2)}
    breakpoints.use(deep.program)
    assert breakpoints.views()[0].text == "‖dW[3]‖ above 0"


def test_unknown_layer_tensor_and_kind_say_what_there_is(small_settings: Settings) -> None:
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    with pytest.raises(SettingsError, match=r"no dW\[7\]") as layer:
        breakpoints.add(NormLimit(tensor="dW", layer=7))
    assert "layers 1 to 3" in layer.value.hint
    assert layer.value.field == "layer"
    with pytest.raises(SettingsError, match="V") as unknown:
        checked(BreakpointSettings, {"condition": {"kind": "norm", "tensor": "V"}})
    assert ", ".join(TENSORS) in unknown.value.message
    with pytest.raises(SettingsError, match=", ".join(CONDITIONS)):
        checked(BreakpointSettings, {"condition": {"kind": "moon"}})
    with pytest.raises(SettingsError, match="high"):
        checked(BreakpointSettings, {"condition": {"kind": "update_ratio", "low": 1, "high": 0.5}})
    with pytest.raises(StateError, match="no operation 31"):
        breakpoints.toggle_operation(31)
    assert breakpoints.views() == ()


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_kind_can_be_entered_described_and_watched(
    name: str, small_settings: Settings
) -> None:
    settings = with_changes(BreakpointSettings(), {"condition.kind": name})
    assert BreakpointSettings.model_validate_json(settings.model_dump_json()) == settings
    condition = settings.condition
    assert all(f.title and f.help for f in describe(settings))
    run = run_of(small_settings())
    breakpoints = Breakpoints(run.program)
    breakpoints.add(condition)
    assert breakpoints.views()[0].text == condition.text
    stops(breakpoints, run, 3)
    assert breakpoints.active


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("scale", [1.0, 1e-30, 1e30, 0.0])
@pytest.mark.parametrize("apart", [False, True])
def test_measures_agree_with_double_precision(dtype: type, scale: float, apart: bool) -> None:
    whole = np.random.default_rng(3).normal(0, 1, (8, 60)).astype(dtype) * dtype(scale)
    whole[:, ::3] = 0
    whole[5] = 0
    array = whole[:, :40] if apart else whole
    exact = array.astype(np.float64)
    length = math.sqrt(float(np.sum((exact / (scale or 1)) ** 2))) * scale
    assert careful_norm(array) == pytest.approx(length, rel=1e-12)
    with np.errstate(over="ignore"):
        for limit in (0.0, length, 2 * length):
            assert norm(array, limit)() == pytest.approx(length, rel=1e-5)
        expected = (exact == 0).all(axis=1).mean()
        assert dead(array, 0.0)() == expected
        assert dead(array, expected)() <= expected
    assert largest(array)() == np.abs(exact).max()
    share = (exact == 0).mean()
    assert zeros(array, share + 0.01, above=False)() == share
    assert zeros(array, share - 0.01, above=True)() == share
    assert zeros(array, share, above=True)() <= share
    assert zeros(array, share, above=False)() >= share


def test_measures_follow_the_array_and_name_what_is_not_finite() -> None:
    array = np.ones((2, 3))[:, :2]
    readings = norm(array, 1.0), largest(array), zeros(array, 0.0, True), dead(array, 0.0)
    array[0] = 0.0
    assert [read() for read in readings] == [math.sqrt(2), 1.0, 0.5, 0.5]
    array[1, 0] = -math.inf
    assert [readings[0](), readings[1]()] == [math.inf, math.inf]
    array[1, 1] = math.nan
    assert math.isnan(readings[0]())
    assert math.isnan(readings[1]())


@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.5, 1.0, 1e3, 1e9])
def test_ratio_is_exact_where_it_is_outside(size: float) -> None:
    generator = np.random.default_rng(0)
    before = generator.normal(size=(6, 5))
    step = generator.normal(size=(6, 5))
    step *= size * np.linalg.norm(before) / np.linalg.norm(step)
    read = update_ratio(step, before + step, 1e-6, 0.1)
    if 1e-6 < size < 0.1:
        assert 1e-6 <= read() <= 0.1
    else:
        assert read() == pytest.approx(size, rel=1e-6)
    assert update_ratio(step, step, 0.0, 1.0)() == math.inf
    assert math.isnan(update_ratio(0 * step, 0 * step, 0.0, 1.0)())
