"""A hand-written backpropagation with one mistake, to practise on.

It trains nothing: it goes forward and backward once and saves every array on the way. Run it, then

    python main.py check-gradients resources/examples/broken_backprop.npz

names the first wrong tensor. Mend the line, run this again, and the gradients agree.
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("broken_backprop.npz")

rng = np.random.default_rng(7)

# 40 points, a row each, and the class of each: inside or outside a circle.
X = rng.normal(size=(40, 2))
Y = (np.sum(X**2, axis=1, keepdims=True) < 1.2).astype(float)
m = len(X)

# 2 inputs, two hidden layers with tanh, one output with a sigmoid.
W1, b1 = rng.normal(size=(2, 5)), rng.normal(size=(1, 5)) / 2
W2, b2 = rng.normal(size=(5, 4)) / 2, rng.normal(size=(1, 4)) / 2
W3, b3 = rng.normal(size=(4, 1)), rng.normal(size=(1, 1)) / 2

# Forward.
Z1 = X @ W1 + b1
A1 = np.tanh(Z1)
Z2 = A1 @ W2 + b2
A2 = np.tanh(Z2)
Z3 = A2 @ W3 + b3
A3 = 1 / (1 + np.exp(-Z3))
J = -np.mean(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))

# Backward: cross-entropy and sigmoid together give A3 − Y.
dZ3 = (A3 - Y) / m
dW3 = A2.T @ dZ3
db3 = np.sum(dZ3, axis=0, keepdims=True)

dA2 = dZ3 @ W3.T
dZ2 = dA2 * (1 - Z2**2)
dW2 = A1.T @ dZ2
db2 = np.sum(dZ2, axis=0, keepdims=True)

dA1 = dZ2 @ W2.T
dZ1 = dA1 * (1 - A1**2)
dW1 = X.T @ dZ1
db1 = np.sum(dZ1, axis=0, keepdims=True)

# One name for each array, and which functions were used.
inputs = {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}
forward = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "Z3": Z3, "A3": A3, "J": J}
layer3 = {"dZ3": dZ3, "dW3": dW3, "db3": db3}
layer2 = {"dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2}
layer1 = {"dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1}
layers = {**layer3, **layer2, **layer1}
names = {"activations": np.array(["tanh", "tanh", "sigmoid"])}
names["loss"] = np.array("binary_cross_entropy")
np.savez(FILE, allow_pickle=False, **inputs, **forward, **layers, **names)
