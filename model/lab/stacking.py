"""Putting networks of one architecture over each other, and taking them apart again."""

from collections.abc import Sequence
from dataclasses import replace

from model.arrays import Array, Indices
from model.nn.network import Network

Places = Indices | slice
"""Some networks of a stack."""


def stacked(networks: Sequence[Network]) -> Network:
    """Copies of networks of one architecture over each other."""
    architecture = replace(networks[0].architecture, stack=(len(networks),))
    stack = Network(architecture)
    for place, network in enumerate(networks):
        for array, value in zip(parameters_of(stack), parameters_of(network), strict=True):
            array[place] = value
    return stack


def unstacked(stack: Network, place: int) -> Network:
    """A copy of one network of a stack."""
    network = Network(replace(stack.architecture, stack=()))
    for array, value in zip(parameters_of(network), parameters_of(stack), strict=True):
        array[...] = value[place]
    return network


def scatter(part: Network, whole: Network, places: Places) -> None:
    """Copy the networks of `part` to their places in `whole`."""
    for array, value in zip(parameters_of(whole), parameters_of(part), strict=True):
        array[places] = value


def gather(whole: Network, part: Network, places: Places) -> None:
    """Copy the networks at some places of `whole` to `part`."""
    for array, value in zip(parameters_of(part), parameters_of(whole), strict=True):
        array[...] = value[places]


def parameters_of(network: Network) -> list[Array]:
    """W[1], b[1], W[2], b[2], …, as `Architecture.parameter_shapes` has them."""
    return [array for pair in zip(network.W, network.b, strict=True) for array in pair]
