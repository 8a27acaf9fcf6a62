"""Runs in one stack are single runs: losses, epochs, fates and reasons, bit for bit."""

from collections.abc import Callable
from itertools import chain, islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings
from model.lab import stack as stack_module
from model.lab.block import Block
from model.lab.outcome import Fate, Outcome
from model.lab.stack import BLOCK, blocks, stack_key, train_block
from model.lab.variants import Variant, axes_of, variants
from model.training.train import Result

Settings = Callable[..., RunSettings]
Alone = Callable[[RunSettings], Result]
Agrees = Callable[..., None]

SHORT = {"training": {"epochs": 25}}

GRIDS: dict[str, tuple[dict[str, list[Any]], int | None]] = {
    "rates": ({"learning_rate": [0.01, 0.5, 5.0, 50.0, 1000.0, 1e100, 1e300]}, None),
    "first weights": ({"initializer": ["zeros", "normal", "uniform", "xavier", "he"]}, 2),
    "activations": (
        {"activation": ["sigmoid", "tanh", "relu", "leaky_relu", "identity", ["relu", "tanh"]]},
        2,
    ),
    "layers": ({"layers": [[4, 3], [1], [20, 2, 2], [30]]}, 2),
    "losses": (
        {
            "loss": ["binary_cross_entropy", "half_squared_error"],
            "output_activation": ["sigmoid", "tanh", "identity"],
            "learning_rate": [0.1, 5.0, 1e60],
        },
        None,
    ),
    "single precision": (
        {"dtype": ["float32"], "learning_rate": [0.1, 1000.0, 1e30, 1e100]},
        2,
    ),
    "mini-batches": ({"batch_size": [5, 12, 32, None], "learning_rate": [0.5, 30.0, 1e60]}, 2),
    "ends": (
        {
            "tolerance": [0.0, 1e-2],
            "patience": [1, 4],
            "epochs": [3, 25],
            "learning_rate": [0.1, 1.0],
        },
        None,
    ),
    "data": (
        {"data.name": ["moons", "circles", "blobs", "xor", "spirals"], "test_share": [0.0, 0.2]},
        None,
    ),
}


def outcomes(found: list[Variant]) -> list[tuple[Variant, Outcome]]:
    """What becomes of some variants, in the order of their numbers."""
    trained = [zip(block, train_block(block), strict=True) for block in blocks(found)]
    return sorted(chain(*trained), key=lambda pair: pair[0].number)


@pytest.mark.parametrize("name", GRIDS)
def test_train_block_gives_what_single_runs_give(
    name: str, small_settings: Settings, alone: Alone, agrees: Agrees
) -> None:
    vary, seeds = GRIDS[name]
    found = list(variants(small_settings(**SHORT), axes_of(vary), seeds))
    for variant, outcome in outcomes(found):
        if variant.settings is None:
            assert (outcome.fate, outcome.reason) == (Fate.REFUSED, variant.reason)
            continue
        result = alone(variant.settings)
        agrees(result, outcome.fate, outcome.reason, outcome.epochs, outcome.curves)
        for share, scores in (("train", outcome.train), ("test", outcome.test)):
            assert np.array_equal(
                [scores.loss, scores.accuracy, scores.auc],
                [result.metrics[share][key] for key in ("loss", "accuracy", "auc")],
                equal_nan=True,
            )


def test_the_grids_end_in_every_way(small_settings: Settings) -> None:
    fates = set()
    for name in ("rates", "losses", "ends"):
        found = list(variants(small_settings(**SHORT), axes_of(GRIDS[name][0])))
        fates |= {(o.fate, o.reason.split()[0]) for _, o in outcomes(found)}
    assert {fate for fate, _ in fates} == set(Fate) - {Fate.RUNNING}
    diverged = {word for fate, word in fates if fate is Fate.DIVERGED}
    assert "the" in diverged  # the loss stayed above …
    assert len(diverged) > 1  # … and tensors that became infinite


@hypothesis_settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(1e-3, 1e3) | st.sampled_from([1e20, 1e100]), min_size=1, max_size=6),
    st.lists(st.integers(1, 20), min_size=6, max_size=6),
    st.sampled_from(["tanh", "relu", "leaky_relu"]),
    st.sampled_from([None, 7]),
)
def test_who_is_in_a_stack_changes_nothing(
    small_settings: Settings,
    rates: list[float],
    epochs: list[int],
    activation: str,
    batch: int | None,
) -> None:
    made = [
        small_settings(
            network={"activation": activation},
            training={"learning_rate": rate, "epochs": last, "batch_size": batch},
        )
        for rate, last in zip(rates, epochs, strict=False)
    ]
    together = train_block([Variant(k, (), one) for k, one in enumerate(made)])
    for one, outcome in zip(made, together, strict=True):
        (single,) = train_block([Variant(0, (), one)])
        assert single.curves.tobytes() == outcome.curves.tobytes()
        assert (single.fate, single.reason) == (outcome.fate, outcome.reason)


def test_a_run_that_has_ended_stands_still_at_its_last_state(
    small_settings: Settings, alone: Alone
) -> None:
    made = [
        small_settings(training={"learning_rate": rate, "epochs": epochs, "batch_size": batch})
        for rate, epochs, batch in ((0.5, 12, 12), (1e100, 12, 12), (0.5, 4, 12), (60.0, 12, 12))
    ]
    block = Block(made)
    block.advance(12)
    for place, one in enumerate(made):
        expected = alone(one).network.parameters
        assert block.member(place).parameters.tobytes() == expected.tobytes()


def test_seconds_are_shared_by_those_that_run(small_settings: Settings) -> None:
    ticks = iter(range(100))
    block = Block([small_settings(training={"epochs": epochs}) for epochs in (2, 2, 6)])
    assert block.advance(100, lambda: float(next(ticks))) == 2 + 2 + 6
    assert [one.seconds for one in block.members] == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 1])


def test_blocks_hold_what_stacks_and_nothing_is_lost(small_settings: Settings) -> None:
    vary = {"layers": [[4, 3], [5]], "activation": ["tanh", ["relu", "tanh"]], "seed": [1, 2, 3]}
    found = list(variants(small_settings(), axes_of(vary)))
    made = list(blocks(iter(found), 2))
    assert sorted(v.number for block in made for v in block) == [v.number for v in found]
    assert all(len(block) <= 2 for block in made)
    for block in made:
        assert len({stack_key(v.settings) for v in block}) == 1
    assert {v.number for block in made for v in block if v.settings is None} == {9, 10, 11}


def test_blocks_keep_the_order_where_all_stack(small_settings: Settings) -> None:
    found = list(variants(small_settings(), axes_of({"learning_rate": [0.1, 0.2]}), 7))
    numbers = [[v.number for v in block] for block in blocks(found)]
    assert numbers == [[*range(BLOCK)], [*range(BLOCK, 14)]]


@pytest.mark.parametrize(
    ("group", "change", "stacks"),
    [
        ("training", {"learning_rate": 3.0}, True),
        ("training", {"epochs": 7, "tolerance": 0.1, "patience": 2}, True),
        ("network", {"seed": 8, "initializer": "xavier", "bias_initializer": "normal"}, True),
        ("network", {"activation": ["tanh", "tanh"]}, True),
        ("training", {"batch_size": 32}, True),
        ("training", {"batch_size": 31}, False),
        ("network", {"layers": [4, 4]}, False),
        ("network", {"activation": "relu"}, False),
        ("network", {"dtype": "float32"}, False),
        ("training", {"loss": "half_squared_error"}, False),
        ("data", {"noise": 0.1}, False),
    ],
)
def test_stack_key_is_what_runs_must_have_in_common(
    group: str, change: dict[str, Any], stacks: bool, small_settings: Settings
) -> None:
    same = stack_key(small_settings()) == stack_key(small_settings(**{group: change}))
    assert same == stacks


def test_mini_batches_stack_only_with_one_order(small_settings: Settings) -> None:
    keys = {
        stack_key(small_settings(network={"seed": seed}, training={"batch_size": size}))
        for seed in (1, 2)
        for size in (5, 6)
    }
    assert len(keys) == 4


def test_blocks_of_large_networks_are_small(small_settings: Settings) -> None:
    large = small_settings(network={"layers": [1000, 1000]}, data={"n_samples": 1000})
    made = blocks(variants(large, axes_of({"learning_rate": [0.1, 0.2, 0.3]})))
    assert [len(block) for block in made] == [1, 1, 1]


def test_blocks_read_a_huge_grid_lazily(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_module, "WAITING", 3)
    vary = {"data.seed": list(range(1000)), "learning_rate": [0.1, 0.2]}
    read = []

    def counted() -> Any:
        for variant in variants(small_settings(), axes_of(vary), 10**6):
            read.append(variant.number)
            yield variant

    first = list(islice(blocks(counted()), 2))
    assert [len(block) for block in first] == [BLOCK, BLOCK]
    assert len(read) == 2 * BLOCK
    seeds = (Variant(k, (), small_settings(data={"seed": k})) for k in range(100))
    waiting = blocks(seeds)
    assert [[v.number for v in block] for block in islice(waiting, 2)] == [[0], [1]]


def test_train_block_with_a_learning_rate_beyond_single_precision(
    small_settings: Settings, recwarn: pytest.WarningsRecorder
) -> None:
    one = small_settings(network={"dtype": "float32"}, training={"learning_rate": 1e300})
    (outcome,) = train_block([Variant(0, (), one)])
    assert (outcome.fate, outcome.epochs) == (Fate.DIVERGED, 0)
    assert not len(recwarn)
