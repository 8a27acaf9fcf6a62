"""Planted mistakes are found at the right tensor, with the right reason, and blame nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.analysis.conventions import Orientation
from model.analysis.findings import Finding, OwnCheck
from model.analysis.own_functions import functions_of
from model.analysis.own_gradients import check_own
from model.analysis.suspect import Verdict
from model.files.own_arrays import read_own_arrays
from tests.model import own_code

HEADS = [
    ("sigmoid", "binary_cross_entropy"),
    ("sigmoid", "half_squared_error"),
    ("identity", "half_squared_error"),
]
BACKWARD = ("dA", "dZ", "dW", "db")
PARAMETERS = [f"d{name}{l}" for name in "Wb" for l in (1, 2, 3)]


def checked(folder: Path, arrays: dict[str, Any], orientation: str | None = None) -> OwnCheck:
    where = None if orientation is None else Orientation(orientation)
    own = read_own_arrays(own_code.saved(folder, arrays), where)
    functions = functions_of(own, None, [])
    return check_own(own, functions.activations, functions.loss)


def laid_out(arrays: dict[str, Any], layout: str) -> dict[str, Any]:
    return own_code.in_rows(arrays) if layout == "rows" else arrays


def verdicts(check: OwnCheck) -> dict[str, Verdict]:
    return {finding.given.key: finding.verdict for finding in check.findings}


def sole(check: OwnCheck) -> Finding:
    """The one mistake of a file."""
    assert [finding.given.key for finding in check.mistakes] == [check.mistakes[0].given.key]
    return check.mistakes[0]


@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("late", [False, True])
def test_correct_file_agrees_in_either_convention_for_1_over_m(
    tmp_path: Path, layout: str, hidden: str, head: tuple[str, str], late: bool
) -> None:
    check = checked(tmp_path, laid_out(own_code.own_arrays(hidden, *head, late=late), layout))
    assert check.agrees
    assert check.late == late
    scaled = {f"{name}{l}" for name in ("dA", "dZ") for l in (1, 2, 3)} if late else set()
    assert {key for key, v in verdicts(check).items() if v is Verdict.CONVENTION} == scaled
    assert {verdicts(check)[key] for key in PARAMETERS} == {Verdict.AGREES}
    assert check.numeric is not None
    assert check.numeric.agrees


T = dict[str, Any]
PLANTED: dict[str, tuple[str, Callable[[T], Any], str]] = {
    "1/m missing at the head": ("dA3", lambda t: t["dA3"] * t["m"], "1/m missing"),
    "1/m missing in dW": ("dW2", lambda t: t["dW2"] * t["m"], "1/m missing"),
    "1/m missing in db": ("db3", lambda t: t["db3"] * t["m"], "1/m missing"),
    "1/m twice in dW": ("dW2", lambda t: t["dW2"] / t["m"], "1/m twice"),
    "1/m twice in dZ": ("dZ2", lambda t: t["dZ2"] / t["m"], "1/m twice"),
    "dW transposed": ("dW2", lambda t: t["dW2"].T, "transposed"),
    "dW transposed, not square": ("dW1", lambda t: t["dW1"].T, "transposed"),
    "W not transposed": ("dA1", lambda t: t["W2"] @ t["dZ2"], "W not transposed"),
    "dA handed back": ("dA1", lambda t: t["W2"].T @ t["dA2"], "dA handed back"),
    "updated W": (
        "dA2",
        lambda t: (t["W3"] - 0.3 * t["dW3"]).T @ t["dZ3"],
        "updated W",
    ),
    "sign of the head": ("dA3", lambda t: -t["dA3"], "sign"),
    "sign of dZ": ("dZ2", lambda t: -t["dZ2"], "sign"),
    "sign of dW": ("dW1", lambda t: -t["dW1"], "sign"),
    "factor 2 at the head": ("dA3", lambda t: 2 * t["dA3"], "½ missing"),
    "half of dW": ("dW3", lambda t: t["dW3"] / 2, "½ too many"),
    "no derivative": ("dZ2", lambda t: t["dA2"], "no derivative"),
    "activation for its derivative": ("dZ2", lambda t: t["dA2"] * t["A2"], "g for g′"),
    "dW takes its own layer's A": ("dW2", lambda t: t["dZ2"] @ t["A2"].T, "A of the same layer"),
    "dW takes Z": ("dW2", lambda t: t["dZ2"] @ t["Z1"].T, "Z for A"),
    "dW takes dA": ("dW2", lambda t: t["dA2"] @ t["A1"].T, "dA for dZ"),
    "dW takes the next dZ": ("dW1", lambda t: t["dZ2"] @ t["A0"].T, "dZ of the layer after"),
    "dW with a penalty": ("dW2", lambda t: t["dW2"] + 0.1 * t["W2"], "penalty"),
    "dW times α": ("dW2", lambda t: 0.01 * t["dW2"], "scaled"),
    "db over the wrong axis": (
        "db2",
        lambda t: t["dZ2"].sum(axis=0, keepdims=True),
        "wrong axis",
    ),
    "db over all axes": ("db2", lambda t: t["dZ2"].sum(), "all axes"),
    "db over all axes, spread": (
        "db2",
        lambda t: np.full((4, 1), t["dZ2"].sum()),
        "all axes in each",
    ),
    "db a mean": ("db2", lambda t: t["dZ2"].mean(axis=1, keepdims=True), "mean of db"),
    "db not summed": ("db1", lambda t: t["dZ1"], "no sum"),
    "db of dA": ("db2", lambda t: t["dA2"].sum(axis=1, keepdims=True), "dA summed"),
    "bias forgotten": ("Z2", lambda t: t["W2"] @ t["A1"], "no bias"),
    "Z handed on": ("Z2", lambda t: t["W2"] @ t["Z1"] + t["b2"], "Z handed on"),
    "W transposed in Z": ("Z2", lambda t: t["W2"].T @ t["A1"] + t["b2"], "W transposed"),
    "J a sum": ("J", lambda t: t["J"] * t["m"], "1/m missing"),
}


@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("planted", PLANTED)
def test_planted_mistake_is_found_alone_and_explained(
    tmp_path: Path, layout: str, hidden: str, head: tuple[str, str], planted: str
) -> None:
    key, mistake, reason = PLANTED[planted]
    arrays = own_code.own_arrays(hidden, *head, mistakes={key: mistake})
    check = checked(tmp_path, laid_out(arrays, layout))
    found = sole(check)
    if reason == "½ missing" and head[1] == "binary_cross_entropy":
        reason = "doubled"  # it has no ½
    assert (found.given.key, found.mistake) == (key, reason)
    assert found.place == found.name
    keys = list(verdicts(check))
    before = keys[: keys.index(key)]
    assert {verdicts(check)[name] for name in before} <= {Verdict.AGREES}


SPECIAL: dict[str, tuple[str, str, Callable[[T], Any], str]] = {
    "derivative of the layer before": (
        "relu",
        "dZ2",
        lambda t: t["dA2"] * own_code.SLOPE["relu"](t["Z1"]),
        "derivative of the layer before",
    ),
    "derivative of the layer after": (
        "sigmoid",
        "dZ1",
        lambda t: t["dA1"] * own_code.SLOPE["sigmoid"](t["Z2"]),
        "derivative of the layer after",
    ),
    "derivative at A": (
        "tanh",
        "dZ2",
        lambda t: t["dA2"] * own_code.SLOPE["tanh"](t["A2"]),
        "derivative at A",
    ),
    "Z put into a (1 − a)": (
        "sigmoid",
        "dZ1",
        lambda t: t["dA1"] * t["Z1"] * (1 - t["Z1"]),
        "Z in place of A",
    ),
    "derivative of another activation": (
        "relu",
        "dZ1",
        lambda t: t["dA1"] * own_code.SLOPE["tanh"](t["Z1"]),
        "derivative tanh",
    ),
    "another activation forward": ("relu", "A1", lambda t: np.tanh(t["Z1"]), "activation tanh"),
    "the head's derivative twice": (
        "relu",
        "dZ3",
        lambda t: t["dZ3"] * t["A3"] * (1 - t["A3"]),
        "derivative twice",
    ),
    "A − Y as dA": (
        "tanh",
        "dA3",
        lambda t: (t["A3"] - t["Y"]) / t["m"],
        "A − Y as dA",
    ),
    "nothing usual": (
        "tanh",
        "dA2",
        lambda t: t["W2"][:1].T @ t["dZ3"],
        "",
    ),
    "A − Y over all pairs": (
        "tanh",
        "dA3",
        lambda t: (t["A3"] - t["Y"].T) / t["m"],
        "A − Y broadcast",
    ),
    "no derivative and the wrong sign": ("tanh", "dZ1", lambda t: -t["dA1"], "no derivative"),
}


@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize("planted", SPECIAL)
def test_mistake_that_only_some_functions_show(tmp_path: Path, layout: str, planted: str) -> None:
    hidden, key, mistake, reason = SPECIAL[planted]
    arrays = own_code.own_arrays(hidden, mistakes={key: mistake} if "pairs" not in planted else {})
    if "pairs" in planted:
        arrays[key] = mistake({**arrays, "m": own_code.M})
    first = checked(tmp_path, laid_out(arrays, layout)).mistakes[0]
    assert (first.given.key, first.mistake) == (key, reason)


def test_later_tensors_follow_and_are_not_blamed(tmp_path: Path) -> None:
    arrays = own_code.own_arrays(mistakes={"dZ2": lambda t: t["dA2"]})
    found = verdicts(checked(tmp_path, arrays))
    wrong = {key: verdict for key, verdict in found.items() if verdict is not Verdict.AGREES}
    follow = dict.fromkeys(("dW2", "db2", "dA1", "dZ1", "dW1", "db1"), Verdict.FOLLOWS)
    assert wrong == {"dZ2": Verdict.DIFFERS, **follow}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("factor", [-1.0, 0.5, 2.0, own_code.M])
def test_a_dZ_that_comes_of_a_wrong_dA_is_wrong_too(
    tmp_path: Path, head: tuple[str, str], factor: float
) -> None:
    """That it goes by way of dA[3], as Backscope's own does not, is no convention then."""
    arrays = own_code.own_arrays("relu", *head, mistakes={"dA3": lambda t: factor * t["dA3"]})
    check = checked(tmp_path, arrays)
    assert sole(check).given.key == "dA3"
    finding = next(f for f in check.findings if f.given.key == "dZ3")
    assert finding.verdict is Verdict.FOLLOWS
    assert [str(name) for name in finding.causes] == ["dA[3]"]


@pytest.mark.parametrize("sizes", [(3, 4, 4, 1), (3, 5, 4, 1), (4, 4, 4, 4)])
@pytest.mark.parametrize("kind", ["dW", "db"])
def test_gradients_of_two_layers_that_are_swapped_are_recognised(
    tmp_path: Path, kind: str, sizes: tuple[int, ...]
) -> None:
    arrays = own_code.own_arrays("relu", sizes=sizes)
    arrays[f"{kind}1"], arrays[f"{kind}2"] = arrays[f"{kind}2"], arrays[f"{kind}1"]
    check = checked(tmp_path, arrays)
    found = {f.given.key: (f.mistake, f.reason) for f in check.mistakes}
    assert found == {
        f"{kind}2": ("layer before", f"it is {kind}[1], that of the layer before"),
        f"{kind}1": ("layer after", f"it is {kind}[2], that of the layer after"),
    }


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (HEADS[0], "it is twice the right one"),
        (HEADS[1], "it is twice the right one: the ½ of the loss is missing"),
    ],
)
def test_a_doubled_loss_misses_a_half_only_where_there_is_one(
    tmp_path: Path, head: tuple[str, str], reason: str
) -> None:
    arrays = own_code.own_arrays("tanh", *head)
    arrays["J"] = np.array(2 * arrays["J"])
    assert sole(checked(tmp_path, arrays)).reason == reason


@pytest.mark.parametrize(
    "words", [("ReLU", "Leaky ReLU", "Sigmoid"), ("RELU", "leaky-relu", "SIGMOID")]
)
def test_functions_go_by_their_titles_too(tmp_path: Path, words: tuple[str, ...]) -> None:
    arrays = own_code.own_arrays("relu")
    arrays |= {"activations": np.array(words), "loss": np.array("Binary cross-entropy")}
    own = read_own_arrays(own_code.saved(tmp_path, arrays))
    functions = functions_of(own, None, [])
    assert functions.activations == ("relu", "leaky_relu", "sigmoid")
    assert functions.loss == "binary_cross_entropy"


def test_second_mistake_behind_the_first_is_found_too(tmp_path: Path) -> None:
    arrays = own_code.own_arrays(
        mistakes={
            "dZ2": lambda t: t["dA2"],
            "db1": lambda t: t["dZ1"].mean(axis=1, keepdims=True),
        }
    )
    check = checked(tmp_path, arrays)
    found = [(f.given.key, f.mistake) for f in check.mistakes]
    assert found == [("dZ2", "no derivative"), ("db1", "mean of db")]


@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize(
    ("key", "mistake", "reason"),
    [
        ("dZ1", lambda t: t["dA1"], "no derivative"),
        ("db2", lambda t: t["dZ2"].sum(axis=1, keepdims=True), "1/m missing"),
        ("dW1", lambda t: t["dZ1"] @ t["A0"].T, "1/m missing"),
        ("db2", lambda t: t["dZ2"].sum(axis=0, keepdims=True) / t["m"], "wrong axis"),
    ],
)
def test_mistake_is_found_in_the_textbook_convention(
    tmp_path: Path, layout: str, key: str, mistake: Callable[[T], Any], reason: str
) -> None:
    arrays = own_code.own_arrays("relu", mistakes={key: mistake}, late=True)
    check = checked(tmp_path, laid_out(arrays, layout))
    assert check.late
    assert (sole(check).given.key, sole(check).mistake) == (key, reason)


def test_1_over_m_nowhere_is_one_mistake(tmp_path: Path) -> None:
    arrays = own_code.own_arrays(mistakes={"dA3": lambda t: t["dA3"] * t["m"]})
    check = checked(tmp_path, arrays)
    assert not check.late
    assert (sole(check).given.key, sole(check).mistake) == ("dA3", "1/m missing")


def test_1_over_m_missing_in_dZ_alone_is_a_convention_only_beside_right_gradients(
    tmp_path: Path,
) -> None:
    arrays = own_code.own_arrays(late=True)
    for key in PARAMETERS:
        del arrays[key]
    check = checked(tmp_path, arrays)
    assert (sole(check).given.key, sole(check).mistake) == ("dA3", "1/m missing")


def test_dA_without_1_over_m_beside_a_dZ_that_has_it_is_a_convention(tmp_path: Path) -> None:
    arrays = own_code.own_arrays()
    arrays["dA3"] = arrays["dA3"] * own_code.M
    check = checked(tmp_path, arrays)
    assert check.agrees
    assert verdicts(check)["dA3"] is Verdict.CONVENTION


@pytest.mark.parametrize(
    ("key", "mistake", "place", "reason"),
    [
        ("dZ2", lambda t: t["dA2"], "dZ[2]", "no derivative"),
        ("dA1", lambda t: t["W2"] @ t["dZ2"], "dA[1]", "W not transposed"),
        ("dA3", lambda t: t["dA3"] * t["m"], "dZ[3]", "1/m missing"),
        ("dA1", lambda t: (t["W2"] - 0.3 * t["dW2"]).T @ t["dZ2"], "dA[1]", "updated W"),
        ("dW2", lambda t: t["dW2"] * t["m"], "dW[2]", "1/m missing"),
        ("Z1", lambda t: t["W1"] @ t["A0"], "Z[1]", "no bias"),
    ],
)
def test_mistake_in_a_tensor_that_is_not_in_the_file(
    tmp_path: Path, key: str, mistake: Callable[[T], Any], place: str, reason: str
) -> None:
    """With W, b and their gradients alone, the reason is still found, and once."""
    arrays = own_code.own_arrays(mistakes={key: mistake})
    kept = {k: a for k, a in arrays.items() if k[:2] in ("dW", "db") or k[0] in "XYWbal"}
    found = sole(checked(tmp_path, kept))
    assert (str(found.place), found.mistake) == (place, reason)


def test_worst_number_is_named_where_it_stands_in_the_users_array(tmp_path: Path) -> None:
    arrays = own_code.in_rows(own_code.own_arrays())
    arrays["dW1"] = arrays["dW1"].copy()
    right = arrays["dW1"][2, 3]
    arrays["dW1"][2, 3] += 0.5
    found = sole(checked(tmp_path, arrays))
    assert found.worst is not None
    assert found.worst.index == (2, 3)
    assert found.worst.given - found.worst.right == pytest.approx(0.5)
    assert found.worst.right == pytest.approx(right)
    assert (found.wrong, found.mistake) == (1, "")


def test_gradient_in_a_shape_that_spoils_the_update_is_wrong(tmp_path: Path) -> None:
    """b (4, 1) − α db (4,) is a table of 4 × 4."""
    arrays = own_code.own_arrays()
    arrays["db2"] = arrays["db2"].reshape(-1)
    found = sole(checked(tmp_path, arrays))
    assert (found.given.key, found.mistake, found.difference) == ("db2", "shape", None)


@pytest.mark.parametrize("layout", ["rows", "columns"])
def test_tensor_saved_the_other_way_round_is_wrong(tmp_path: Path, layout: str) -> None:
    arrays = laid_out(own_code.own_arrays(), layout)
    arrays["dZ1"] = arrays["dZ1"].T
    found = sole(checked(tmp_path, arrays))
    assert (found.given.key, found.mistake) == ("dZ1", "transposed")


def test_what_comes_behind_a_wrong_shape_is_not_blamed(tmp_path: Path) -> None:
    """(1, m) times (1, m) of a wrong layer broadcasts to (4, m); nothing behind it can be right."""
    mistakes = {"dZ1": lambda t: t["dA1"] * own_code.SLOPE["sigmoid"](t["Z2"])}
    arrays = own_code.own_arrays("sigmoid", sizes=(3, 1, 4, 1), mistakes=mistakes)
    check = checked(tmp_path, arrays)
    assert (sole(check).given.key, sole(check).mistake) == ("dZ1", "derivative of the layer after")
    assert {verdicts(check)[key] for key in ("dW1", "db1")} == {Verdict.UNJUDGED}


def test_weights_of_the_wrong_layer_are_found(tmp_path: Path) -> None:
    mistakes = {"dA1": lambda t: t["W1"].T @ t["dZ2"]}
    arrays = own_code.own_arrays(sizes=(4, 4, 4, 1), mistakes=mistakes)
    found = sole(checked(tmp_path, arrays))
    assert (found.given.key, found.mistake) == ("dA1", "W of the wrong layer")


def test_nan_in_a_result_is_a_finding(tmp_path: Path) -> None:
    arrays = own_code.own_arrays()
    arrays["dZ2"] = arrays["dZ2"].copy()
    arrays["dZ2"][1, 5] = np.nan
    found = sole(checked(tmp_path, arrays))
    assert found.given.key == "dZ2"
    assert found.worst is not None
    assert (found.worst.index, found.wrong, found.mistake) == ((1, 5), 1, "not finite")


def saturated(**mistakes: Callable[[T], Any]) -> dict[str, Any]:
    """A sigmoid that gives 0 and 1 exactly, so that code without care divides 0 by 0."""
    inputs = {"W3": np.full((1, 4), 500.0)}
    with np.errstate(all="ignore"):
        return own_code.own_arrays(mistakes=mistakes, inputs=inputs)  # type: ignore[no-any-return]


def test_saturated_output_is_blamed_where_it_begins(tmp_path: Path) -> None:
    check = checked(tmp_path, saturated())
    assert {(f.given.key, f.mistake) for f in check.mistakes} == {
        (key, "not finite") for key in ("J", "dA3", "dZ3")
    }
    assert "exactly 0 or 1" in check.mistakes[0].reason
    assert verdicts(check)["dW1"] is Verdict.FOLLOWS


def test_dA_that_overflows_beside_right_gradients_is_no_mistake(tmp_path: Path) -> None:
    arrays = saturated(J=lambda t: 0.0, dZ3=lambda t: (t["A3"] - t["Y"]) / t["m"])
    del arrays["J"]
    assert not np.isfinite(arrays["dA3"]).all()
    check = checked(tmp_path, arrays)
    assert check.agrees
    assert verdicts(check)["dA3"] is Verdict.CONVENTION


def test_digits_lost_near_saturation_are_no_mistake(tmp_path: Path) -> None:
    """1 − a has 3 digits left at z = 30; cross-entropy by way of A is right all the same."""
    inputs = {"W3": np.full((1, 4), 8.0)}
    check = checked(tmp_path, own_code.own_arrays(inputs=inputs))
    assert max(f.difference or 0.0 for f in check.findings if f.given.key == "dA3") > 1e-6
    assert check.agrees
    assert verdicts(check)["dA3"] is Verdict.CONVENTION


def test_derivative_of_relu_at_0_is_a_convention(tmp_path: Path) -> None:
    def with_1_at_0(l: int) -> Callable[[T], Any]:
        return lambda t: t[f"dA{l}"] * (t[f"Z{l}"] >= 0)

    X = own_code.own_arrays()["X"].copy()
    X[:, 0] = 0.0
    inputs = {"A0": X} | {f"b{l}": np.zeros((n, 1)) for l, n in ((1, 4), (2, 4), (3, 1))}
    mistakes = {f"dZ{l}": with_1_at_0(l) for l in (1, 2)}
    check = checked(tmp_path, own_code.own_arrays("relu", mistakes=mistakes, inputs=inputs))
    assert check.agrees
    assert verdicts(check)["dZ2"] is Verdict.CONVENTION


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_coarser_numbers_are_compared_more_coarsely(tmp_path: Path, kind: Any) -> None:
    arrays = own_code.own_arrays("relu")
    words = ("activations", "loss")
    coarse = {k: a if k in words else np.asarray(a).astype(kind) for k, a in arrays.items()}
    assert checked(tmp_path, coarse).agrees
    coarse["dW2"] = coarse["dW2"] * kind(1.1)
    assert sole(checked(tmp_path, coarse)).given.key == "dW2"


def test_network_without_hidden_layer_and_with_several_outputs(tmp_path: Path) -> None:
    arrays = own_code.own_arrays(sizes=(5, 3))
    assert checked(tmp_path, arrays).agrees
    arrays["db1"] = arrays["db1"] / 3
    assert sole(checked(tmp_path, arrays)).mistake == "mean over outputs"
