"""What a step of gradient descent promises and what it does: the loss along −∇J."""

import math
from dataclasses import dataclass

from model.arrays import Array


@dataclass(frozen=True)
class TaylorView:
    """The loss along θ − α∇J at one state, on the training set; every array is read-only.

    `alphas` (n,) ascend from 0; `actual` is J(θ − α∇J), not finite where it overflows, `promised`
    J − α‖∇J‖², `quadratic` J − α‖∇J‖² + ½α²·∇JᵀH∇J, each (n,). `alpha` is the present learning
    rate; it may lie beyond `alphas`, where it is far larger than every other step of interest.
    `next_loss` is J after a step of plain gradient descent with it on all training samples.
    `squared_norm` is ‖∇J‖², 0 where a gradient is nothing but rounding, `curvature`
    ∇JᵀH∇J / ‖∇J‖², NaN then.

    `best` is the α of the least actual loss before `rising`, infinite where the loss still falls a
    thousand times the weights' size away, 0 where no step lowers it (zero gradient); `rising` is
    the least α > 0 beyond it from which the step increases the loss, infinite where none is found.
    `eigenvalue` is the Hessian's largest (in magnitude, signed), `residual` ‖Hv − λv‖, within
    which of it an eigenvalue lies. `bound` is 2/λ of the highest eigenvalue, which is another one
    where the largest is negative, infinite where no λ > 0: beyond it plain gradient descent on the
    quadratic model diverges. Either is NaN where it is not known: the residual is large beside λ,
    or the weights are so large that differences of gradients cannot tell; then `curvature` is NaN
    too. Where loss or gradient is not finite, whatever is computed from them is NaN and `alphas`
    are 0 and `alpha`.

    `steps` (n,) are epochs k, at most about a thousand of them, `promised_steps` and `actual_steps`
    what the step from k to k + 1 promised (α‖∇J‖²) and gave (J[k] − J[k+1]); empty where they are
    not recorded (mini-batches) or not asked for.
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
    residual: float = math.nan
