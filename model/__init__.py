"""Backscope's model: networks, data, training and files, without a window.

What is named here is the public face and stays; everything else may move.
"""

from model.errors import BackscopeError
from model.nn.network import Network
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.train import train

__all__ = ["BackscopeError", "Network", "RunSettings", "Session", "train"]
