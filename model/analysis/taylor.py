"""What a step of gradient descent promises and what it does: the loss along −∇J."""

from dataclasses import dataclass

from model.arrays import Array


@dataclass(frozen=True)
class TaylorView:
    """The loss along θ − α∇J at one state, on the training set; every array is read-only.

    `alphas` (n,) ascend from 0; `actual` is J(θ − α∇J), `promised` J − α‖∇J‖², `quadratic`
    J − α‖∇J‖² + ½α²·∇JᵀH∇J, each (n,). `alpha` is the present learning rate, `next_loss` J after a
    step with it. `squared_norm` is ‖∇J‖², `curvature` ∇JᵀH∇J / ‖∇J‖². `best` is the α of the least
    actual loss on this line, `rising` the least α > 0 beyond it from which the step increases the
    loss, infinite where none is found. `eigenvalue` is the Hessian's largest (in magnitude, signed)
    and `bound` 2/λ, infinite where λ ≤ 0: beyond it plain gradient descent on the quadratic model
    diverges. `steps` are epochs k, `promised_steps` and `actual_steps` what the step from k to
    k + 1 promised (α‖∇J‖²) and gave (J[k] − J[k+1]); empty where they are not recorded
    (mini-batches) or not asked for.
    """

    epoch: int
    alpha: float
    loss: float
    next_loss: float
    squared_norm: float
    curvature: float
    alphas: Array
    actual: Array
    promised: Array
    quadratic: Array
    best: float
    rising: float
    eigenvalue: float
    bound: float
    steps: Array
    promised_steps: Array
    actual_steps: Array
