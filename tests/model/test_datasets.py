"""Data sets, their split and their scaling, beside scikit-learn's own recipe for the lab."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from model import RunSettings
from model.data.dataset import Dataset
from model.data.datasets import DATA_SETS
from model.data.preparation import prepared


def _data(name: str = "moons", **values: Any) -> Dataset:
    return prepared(RunSettings.model_validate({"data": {"name": name, **values}}).data)


def test_default_data_are_the_labs() -> None:
    X, y = make_moons(n_samples=1000, noise=0.2, random_state=42)
    X = StandardScaler().fit_transform(X)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    data = _data()
    np.testing.assert_array_equal(data.X_train, X_train)
    np.testing.assert_array_equal(data.X_test, X_test)
    np.testing.assert_array_equal(data.y_train, y_train)
    np.testing.assert_array_equal(data.y_test, y_test)


@pytest.mark.parametrize("name", DATA_SETS)
def test_data_set_has_two_classes_of_the_asked_for_size(name: str) -> None:
    data = _data(name, n_samples=200, test_share=0.25)
    assert data.name == name
    assert data.X_train.shape == (150, 2)
    assert data.X_test.shape == (50, 2)
    assert data.y_train.shape == (150,)
    for y in (data.y_train, data.y_test):
        assert set(y) == {0.0, 1.0}
    assert np.concatenate([data.y_train, data.y_test]).sum() == 100
    assert data.feature_names == ("Feature 1", "Feature 2")


@pytest.mark.parametrize("name", DATA_SETS)
def test_data_set_is_a_function_of_its_settings(name: str) -> None:
    first, again = _data(name, seed=3), _data(name, seed=3)
    np.testing.assert_array_equal(first.X_train, again.X_train)
    np.testing.assert_array_equal(first.y_train, again.y_train)
    assert (_data(name, seed=4).X_train != first.X_train).any()


@pytest.mark.parametrize("name", DATA_SETS)
def test_split_seed_moves_points_but_draws_no_others(name: str) -> None:
    one, other = _data(name, split_seed=1), _data(name, split_seed=2)
    assert (one.X_test != other.X_test).any()
    pairs = [np.column_stack([d.both, np.concatenate([d.y_train, d.y_test])]) for d in (one, other)]
    np.testing.assert_array_equal(*(p[np.lexsort(p.T)] for p in pairs))


@pytest.mark.parametrize("name", DATA_SETS)
def test_standard_scaling_is_over_all_points_and_can_be_turned_back(name: str) -> None:
    scaled, plain = _data(name), _data(name, scaling="none")
    assert scaled.both.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert scaled.both.std(axis=0) == pytest.approx([1.0, 1.0], rel=1e-12)
    np.testing.assert_allclose(scaled.raw(scaled.X_train), plain.X_train, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(scaled.scaled(plain.X_test), scaled.X_test, rtol=1e-12, atol=1e-12)
    assert (scaled.scaling, plain.scaling) == ("standard", "none")


@pytest.mark.parametrize("name", DATA_SETS)
def test_scaling_none_leaves_the_points_as_they_are(name: str) -> None:
    data = _data(name, scaling="none")
    np.testing.assert_array_equal(data.mean, [0.0, 0.0])
    np.testing.assert_array_equal(data.scale, [1.0, 1.0])
    np.testing.assert_array_equal(data.raw(data.X_train), data.X_train)


@pytest.mark.parametrize("name", DATA_SETS)
def test_test_share_zero_leaves_no_test_set(name: str) -> None:
    data = _data(name, n_samples=50, test_share=0)
    assert data.X_train.shape == (50, 2)
    assert data.X_test.shape == (0, 2)
    assert data.y_test.shape == (0,)


@pytest.mark.parametrize(("n_samples", "share"), [(10, 0.05), (4, 0.1), (1000, 0.0001)])
def test_test_share_above_zero_keeps_at_least_one_point(n_samples: int, share: float) -> None:
    data = _data(n_samples=n_samples, test_share=share)
    assert (len(data.X_train), len(data.X_test)) == (n_samples - 1, 1)


@pytest.mark.parametrize("name", DATA_SETS)
def test_arrays_of_a_data_set_are_read_only(name: str) -> None:
    data = _data(name)
    for array in (
        data.X_train, data.y_train, data.X_test, data.y_test, data.mean, data.scale
    ):  # fmt: skip
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_constant_features_are_scaled_without_a_division_by_zero() -> None:
    data = _data("blobs", noise=0, distance=0, n_samples=20)
    np.testing.assert_array_equal(data.scale, [1.0, 1.0])
    assert np.isfinite(data.both).all()


def test_xor_without_noise_is_the_sign_of_the_product() -> None:
    data = _data("xor", noise=0, corner=2.0, scaling="none", n_samples=40)
    assert {tuple(x) for x in data.both} == {(a, b) for a in (-2.0, 2.0) for b in (-2.0, 2.0)}
    np.testing.assert_array_equal(data.y_train == 1, data.X_train.prod(axis=1) < 0)


def test_circles_without_noise_have_the_radii_one_and_factor() -> None:
    data = _data("circles", noise=0, factor=0.3, scaling="none", n_samples=40)
    radius = np.hypot(*data.X_train.T)
    assert radius == pytest.approx(np.where(data.y_train == 1, 0.3, 1.0), rel=1e-12)


def test_blobs_without_noise_are_two_points_at_their_distance() -> None:
    data = _data("blobs", noise=0, distance=5.0, scaling="none", n_samples=40)
    centres = [data.X_train[data.y_train == c] for c in (0, 1)]
    assert all((c == c[0]).all() for c in centres)
    assert np.linalg.norm(centres[0][0] - centres[1][0]) == pytest.approx(5.0, rel=1e-12)


def test_spirals_without_noise_are_each_other_turned_by_180_degrees() -> None:
    """Radius r = 3 t and angle 2π·turns·t + π·class, so turning one class back joins the arms."""
    data = _data("spirals", noise=0, turns=2.0, scaling="none", n_samples=200)
    turned = np.where(data.y_train[:, None] == 1, -1.0, 1.0) * data.X_train
    t = np.hypot(*turned.T) / 3.0
    arm = 3.0 * t[:, None] * np.column_stack([np.cos(4 * np.pi * t), np.sin(4 * np.pi * t)])
    np.testing.assert_allclose(turned, arm, atol=1e-12)
