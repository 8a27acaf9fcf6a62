"""A race of k runs is k sessions in lock-step, whichever way an epoch was reached."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings
from model.analysis.decision_grid import GridSampler
from model.arrays import DType
from model.errors import SettingsError, StateError
from model.lab import block as block_module
from model.lab.lockstep import LockStep
from model.lab.outcome import Fate
from model.lab.race import MOST, Race, race_states_for
from model.lab.race_snapshot import RaceRun, RaceSnapshot, RaceView
from model.lab.variants import Axis, axes_of
from model.training.snapshots import State
from model.training.timeline import Timeline
from model.training.train import Result
from model.training.transitions import Command

Settings = Callable[..., RunSettings]
Alone = Callable[[RunSettings], Result]
Agrees = Callable[..., None]

MIXED: dict[str, list[Any]] = {
    "learning_rate": [0.5, 1000.0, 1e100],
    "layers": [[4, 3], [5]],
    "activation": ["tanh", ["relu", "tanh"]],
}
"""12 runs in three kinds of stacks, three of them refused, some of which diverge on the way."""


def raced(base: RunSettings, vary: dict[str, Any], seeds: int | None = None, **more: Any) -> Race:
    """A race over what a sweep file would call `vary`."""
    return Race(base, axes_of(vary), seeds, **more)


def picture(race: Race) -> list[tuple[object, ...]]:
    """Where every run stands, to the last bit of its parameters and its history."""
    found: list[tuple[object, ...]] = [(race.epoch,)]
    for run in race.snapshot().runs:
        number = run.variant.number
        refused = run.fate is Fate.REFUSED
        parameters = b"" if refused else race.network_of(number).parameters.tobytes()
        scores = (run.train_loss, run.test_loss, run.train_accuracy, run.test_accuracy, run.auc)
        bits = np.array(scores).tobytes(), run.history.rows.tobytes(), parameters
        found.append((run.fate, run.epoch, run.reason, *bits))
    return found


@pytest.mark.parametrize(
    ("vary", "seeds"),
    [
        ({"learning_rate": [0.01, 0.5, 30.0, 1000.0, 1e100]}, 2),
        (MIXED, None),
        ({"batch_size": [12, 32, None], "learning_rate": [0.5, 1e60]}, 2),
        ({"dtype": ["float32", "float64"], "learning_rate": [0.1, 1e30]}, 2),
        ({"epochs": [3, 20], "tolerance": [0.0, 1e-2], "patience": [1, 3]}, None),
        ({"data.name": ["moons", "xor"], "test_share": [0.0, 0.3]}, None),
        ({"loss": ["half_squared_error"], "output_activation": ["identity", "tanh"]}, 2),
    ],
)
def test_race_is_as_many_sessions(
    vary: dict[str, Any],
    seeds: int | None,
    small_settings: Settings,
    alone: Alone,
    agrees: Agrees,
) -> None:
    race = raced(small_settings(training={"epochs": 20}), vary, seeds)
    race.run()
    assert race.state is State.FINISHED
    for run in race.snapshot().runs:
        if run.variant.settings is None:
            continue
        result = alone(race.settings_of(run.variant.number))
        agrees(result, run.fate, run.reason, run.epoch, run.history.rows)
        network = race.network_of(run.variant.number)
        assert network.parameters.tobytes() == result.network.parameters.tobytes()
        scores = result.snapshot.train, result.snapshot.test
        shown = run.train_loss, run.test_loss, run.train_accuracy, run.test_accuracy
        single = [score.loss for score in scores] + [score.accuracy for score in scores]
        assert np.array_equal(shown, single, equal_nan=True)
        tested = scores[len(result.data.y_test) > 0]
        assert run.auc == pytest.approx(tested.auc, rel=1e-12, nan_ok=True)


BACKS = st.tuples(st.just("back"), st.just(0))
STEPS = st.tuples(st.just("step"), st.just(0))
GOES = st.tuples(st.just("go_to"), st.integers(0, 30))
RUNS = st.tuples(st.just("run"), st.integers(0, 7))
COMMANDS = st.lists(BACKS | STEPS | GOES | RUNS, min_size=1, max_size=12)


@pytest.fixture(params=[False, True], ids=["room", "cramped"])
def timeline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with a timeline of hardly any room, where nearly every state is replayed."""

    def cramped(size: int, dtype: DType, budget: int) -> Timeline:
        return Timeline(size, dtype, budget=1)

    if request.param:
        monkeypatch.setattr(block_module, "Timeline", cramped)


@pytest.mark.usefixtures("timeline")
@pytest.mark.parametrize("batch", [None, 12])
def test_an_epoch_reads_the_same_however_it_was_reached(
    batch: int | None, small_settings: Settings
) -> None:
    base = small_settings(training={"epochs": 18, "batch_size": batch})
    vary = {**MIXED, "tolerance": [0.0, 1e-2]}
    straight = raced(base, vary)
    expected = [picture(straight)]
    while straight.state is not State.FINISHED:
        straight.step()
        expected.append(picture(straight))
    last = straight.epoch

    @hypothesis_settings(max_examples=8, deadline=None)
    @given(COMMANDS)
    def follow(commands: list[tuple[str, int]]) -> None:
        race = raced(base, vary)
        for name, argument in commands:
            try:
                if name in ("back", "step"):
                    getattr(race, name)()
                elif name == "run":
                    race.run(epochs=argument)
                else:
                    race.go_to(argument)
            except StateError:
                assert race.epoch in (0, last)
            assert picture(race) == expected[race.epoch]

    follow()


def test_back_and_go_to_revive_runs_that_ended_later(small_settings: Settings) -> None:
    race = raced(small_settings(), {"epochs": [3, 5, 9]})
    race.run()
    assert (race.epoch, race.state) == (9, State.FINISHED)
    race.back()
    assert (race.epoch, race.state) == (8, State.PAUSED)
    assert [run.fate for run in race.snapshot().runs] == ["finished", "finished", "running"]
    race.go_to(4)
    assert [run.fate for run in race.snapshot().runs] == ["finished", "running", "running"]
    race.go_to(2)
    assert [run.epoch for run in race.snapshot().runs] == [2, 2, 2]
    race.go_to(100)
    assert (race.epoch, race.state) == (9, State.FINISHED)


def test_go_to_does_not_walk_what_is_kept(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = raced(small_settings(training={"epochs": 50}), {"learning_rate": [0.1, 0.5]})
    race.run()
    walked = []
    epoch = LockStep.epoch

    def counted(lockstep: LockStep, number: int) -> object:
        walked.append(number)
        return epoch(lockstep, number)

    monkeypatch.setattr(LockStep, "epoch", counted)
    for target in (0, 40, 7, 49, 48):
        race.go_to(target)
        assert race.epoch == target
    assert walked == []


def test_timelines_share_the_memory_of_the_base(small_settings: Settings) -> None:
    base = small_settings(training={"epochs": 4000, "timeline_memory": 1}, data={"n_samples": 10})
    race = raced(base, {"layers": [[4, 3], [20, 20], [5]]}, 3)
    race.run()
    homes = [race.home_of(number) for number in range(9)]
    timelines = {id(home[0]): home[0].timeline for home in homes if home}
    assert len(timelines) == 3
    kept = sum(timeline.bytes for timeline in timelines.values() if timeline)
    assert 2**18 < kept <= 2**20
    race.go_to(1234)
    assert race.epoch == 1234


def test_a_run_that_fails_is_shown_before_the_failure_and_runs_again_there(
    small_settings: Settings,
) -> None:
    race = raced(small_settings(network={"activation": "relu"}), {"learning_rate": [1e100]})
    race.run()
    (failed,) = race.snapshot().runs
    assert (failed.fate, failed.epoch, race.epoch) == (Fate.DIVERGED, failed.epoch, failed.epoch)
    assert "became infinite or not a number" in failed.reason
    assert len(failed.history.rows) == failed.epoch
    race.go_to(failed.epoch)
    (again,) = race.snapshot().runs
    assert (again.fate, again.epoch, race.state) == (Fate.RUNNING, failed.epoch, State.PAUSED)
    race.step()
    assert race.snapshot().runs[0].reason == failed.reason


def test_refused_runs_stand_beside_the_others(small_settings: Settings) -> None:
    race = raced(small_settings(training={"epochs": 4}), MIXED)
    refused = [run for run in race.snapshot().runs if run.fate is Fate.REFUSED]
    assert len(refused) == 3
    race.run()
    runs = race.snapshot(RaceView(grid=5)).runs
    assert [run.variant.number for run in runs] == list(range(12))
    for run in runs:
        if run.fate is Fate.REFUSED:
            assert (run.epoch, run.grid, len(run.history.rows)) == (0, None, 0)
            assert "activation names 2 layers" in run.reason
            with pytest.raises(StateError, match="was refused"):
                race.settings_of(run.variant.number)
            with pytest.raises(StateError, match="was refused"):
                race.network_of(run.variant.number)


@pytest.mark.parametrize(
    ("axes", "seeds", "words"),
    [
        ([], None, "nothing varies"),
        ([], MOST + 1, f"a race of {MOST + 1} runs is too large; allowed are 1 to {MOST}"),
        ([Axis("training.learning_rate", (-1.0, 0.0))], None, "none of the runs is possible"),
        ([Axis("network.seed", (1, 2))], 2, "a number of seeds is given too"),
    ],
)
def test_race_refuses_what_cannot_be_raced(
    axes: list[Axis], seeds: int | None, words: str, small_settings: Settings
) -> None:
    with pytest.raises(SettingsError, match=words):
        Race(small_settings(), axes, seeds)


def test_commands_follow_the_session_s_table(small_settings: Settings) -> None:
    race = raced(small_settings(training={"epochs": 3}), {"seed": [1, 2]})
    assert race.state is State.IDLE
    race.go_to(0)
    with pytest.raises(StateError, match="beginning"):
        race.back()
    race.reset()
    race.begin()
    assert race.state is State.RUNNING
    race.advance(60.0, epochs=1)
    assert (race.epoch, race.state) == (1, State.RUNNING)
    with pytest.raises(StateError, match="Cannot step while running"):
        race.step()
    race.pause()
    assert race.state is State.PAUSED
    race.advance(60.0)
    assert race.epoch == 1
    race.run(epochs=1)
    assert (race.epoch, race.state) == (2, State.PAUSED)
    race.run()
    assert (race.epoch, race.state) == (3, State.FINISHED)
    race.run()
    for command in (race.step, lambda: race.run(epochs=1)):
        with pytest.raises(StateError, match="Every run of the race has ended"):
            command()
    assert race.state is State.FINISHED


COMMANDS_OF_A_RACE: dict[Command, Callable[[Race], object]] = {
    Command.RUN: lambda race: race.begin(),
    Command.RUN_ON: lambda race: race.begin(1),
    Command.PAUSE: lambda race: race.pause(),
    Command.STEP: lambda race: race.step(),
    Command.BACK: lambda race: race.back(),
    Command.GO_TO: lambda race: race.go_to(1),
    Command.RESET: lambda race: race.reset(),
}

WAYS: dict[State, Callable[[Race], object]] = {
    State.IDLE: lambda race: None,
    State.RUNNING: lambda race: race.begin(),
    State.PAUSED: lambda race: race.step(),
    State.FINISHED: lambda race: race.run(),
}


@pytest.mark.parametrize("command", COMMANDS_OF_A_RACE)
def test_race_states_for_are_those_in_which_a_command_works(
    command: Command, small_settings: Settings
) -> None:
    works = set()
    for state, lead_there in WAYS.items():
        race = raced(small_settings(training={"epochs": 3}), {"seed": [1, 2]})
        lead_there(race)
        assert race.state is state
        try:
            COMMANDS_OF_A_RACE[command](race)
        except StateError:
            continue
        works.add(state)
    assert works == race_states_for(command)


def test_reset_starts_again_from_the_first_weights(small_settings: Settings) -> None:
    race = raced(small_settings(training={"epochs": 5}), MIXED)
    first, generation = picture(race), race.generation
    race.run()
    race.reset()
    assert (race.state, race.generation) == (State.IDLE, generation + 1)
    assert picture(race) == first


def test_snapshot_sends_the_history_from_the_epochs_asked_for(small_settings: Settings) -> None:
    race = raced(small_settings(), {"epochs": [4, 10]})
    race.run(epochs=6)
    whole = [run.history.rows for run in race.snapshot().runs]
    parts = [run.history for run in race.snapshot(since=(3, 5)).runs]
    assert [part.start for part in parts] == [3, 5]
    assert [len(part.rows) for part in parts] == [1, 1]
    assert all(
        np.array_equal(part.rows, rows[part.start :])
        for part, rows in zip(parts, whole, strict=True)
    )
    race.go_to(2)
    assert [(p.start, len(p.rows)) for p in (r.history for r in race.snapshot(since=5).runs)] == [
        (2, 0),
        (2, 0),
    ]


def test_reached_is_the_first_epoch_at_or_below_the_target(small_settings: Settings) -> None:
    race = raced(small_settings(training={"epochs": 60}), {"learning_rate": [0.001, 0.5, 1.0]})

    def expected(run: RaceRun, target: float) -> int | None:
        losses = [*run.history.rows[:, 0], run.train_loss]
        return next((epoch for epoch, loss in enumerate(losses) if loss <= target), None)

    targets = [0.5, 0.45, 0.6, 0.0]
    for epochs in (1, 5, 20, 30):
        race.run(epochs=epochs)
        for target in targets:
            snapshot = race.snapshot(RaceView(target=target))
            assert [r.reached for r in snapshot.runs] == [
                expected(r, target) for r in snapshot.runs
            ]
    assert race.snapshot(RaceView(target=0.5)).runs[2].reached is not None
    race.go_to(3)
    snapshot = race.snapshot(RaceView(target=0.5))
    assert [r.reached for r in snapshot.runs] == [expected(r, 0.5) for r in snapshot.runs]


def test_grids_are_those_of_each_network_alone(small_settings: Settings) -> None:
    vary = {
        "layers": [[4, 3], [5]],
        "data.name": ["moons", "circles"],
        "dtype": ["float32", "float64"],
    }
    race = raced(small_settings(), vary)
    race.run(epochs=20)
    for run in race.snapshot(RaceView(grid=12)).runs:
        assert run.grid is not None
        assert run.data is not None
        alone = GridSampler(run.data, 12).grid(race.network_of(run.variant.number), 0.5)
        assert np.array_equal(run.grid.probability, alone.probability)
        assert np.array_equal(run.grid.x, alone.x)
        assert len(run.grid.contour) == len(alone.contour)


def test_grids_follow_size_and_state(small_settings: Settings) -> None:
    race = raced(small_settings(), {"learning_rate": [0.1, 0.5]})
    assert race.snapshot().runs[0].grid is None

    def grid(size: int) -> np.ndarray:
        found = race.snapshot(RaceView(grid=size)).runs[1].grid
        assert found is not None
        return found.probability

    first = grid(8)
    assert grid(9).shape == (9, 9)
    race.run(epochs=5)
    later = grid(8)
    assert not np.array_equal(first, later)
    race.go_to(0)
    assert np.array_equal(grid(8), first)
    race.go_to(5)
    assert np.array_equal(grid(8), later)


def test_every_array_of_a_snapshot_is_read_only_and_its_own(small_settings: Settings) -> None:
    race = raced(small_settings(), {"learning_rate": [0.1, 0.5]})
    race.run(epochs=3)
    before: RaceSnapshot = race.snapshot(RaceView(grid=6))
    for run in before.runs:
        assert run.grid is not None
        arrays = [run.history.rows, run.grid.x, run.grid.y, run.grid.probability]
        assert not any(array.flags.writeable for array in arrays)
    rows = before.runs[1].history.rows.copy()
    race.go_to(1)
    race.run(epochs=5)
    assert np.array_equal(before.runs[1].history.rows, rows)


def test_network_of_is_a_copy(small_settings: Settings) -> None:
    race = raced(small_settings(), {"learning_rate": [0.1, 0.5]})
    race.network_of(1).parameters[...] = np.nan
    race.run(epochs=1)
    assert np.isfinite(race.network_of(1).parameters).all()
    with pytest.raises(StateError, match="There is no run 2"):
        race.network_of(2)


def test_speed_counts_the_epochs_of_all_runs(small_settings: Settings) -> None:
    seconds = [0.0]
    race = raced(small_settings(), {"epochs": [4, 100]}, clock=lambda: seconds[0])
    race.begin()
    assert race.network_epochs_per_second == 0.0
    speeds = []
    for _ in range(8):
        seconds[0] += 0.125
        race.advance(0.0)
        speeds.append(race.network_epochs_per_second)
    # In the first half second both runs make four epochs, in the second only one of them does.
    assert speeds[3] == 8 / 0.5
    assert speeds[7] == 4 / 0.5
    race.pause()
    assert race.snapshot().network_epochs_per_second == 0.0


def test_an_interrupt_leaves_the_race_paused_at_a_whole_epoch(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = raced(small_settings(), MIXED)
    race.run(epochs=3)
    expected = picture(race)
    block = race.home_of(4)
    assert block is not None

    def interrupted(number: int) -> None:
        lockstep.network.parameters[...] = 7.0
        raise KeyboardInterrupt

    lockstep = block[0]._lockstep
    with monkeypatch.context() as patch:
        patch.setattr(lockstep, "epoch", interrupted)
        race.begin()
        with pytest.raises(KeyboardInterrupt):
            race.advance(60.0)
    assert race.state is State.PAUSED
    assert picture(race) == expected


def test_taylor_view_is_that_of_the_run_that_is_looked_at() -> None:
    race = Race(RunSettings(), [Axis("training.learning_rate", (0.01, 0.5))])
    race.run(epochs=10)
    view = race.snapshot(RaceView(taylor=1)).taylor
    assert view is not None
    race.step()
    race.step()
    losses = race.snapshot().runs[1].history.rows[:, 0]
    assert (view.epoch, view.alpha) == (10, 0.5)
    assert view.loss == pytest.approx(losses[10], rel=1e-12)
    assert view.next_loss == pytest.approx(losses[11], rel=1e-12)
    assert race.snapshot(RaceView(taylor=None)).taylor is None
