"""What one count says: its part of the objective as a function of the predicted logarithm, with two derivatives."""

from dataclasses import dataclass

import numpy as np

from neutromon.forecast.kernel import Array

_HALF_LN_2PI = 0.9189385332046727
_FAR = -9.0
_TOP = (3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376)
_LOW = (
    8.83883476483184e-02,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residual:
    """Residual error: "lognormal" (sd per count), or "proportional"/"combined" (sd, additive sd)."""

    kind: str
    sd: Array
    additive_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """Observed counts in 10^9/L; `side` is 0 for an exact one, -1 for "below", +1 for "above"."""

    value: Array
    side: Array

    @property
    def exact(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Return which counts are exact."""
        return np.equal(self.side, 0.0)


def ln_phi(z: Array) -> Array:
    """Return the logarithm of the standard normal distribution function, also far out in the lower tail."""
    z = np.asarray(z, dtype=np.float64)
    tail = np.minimum(z, _FAR)
    square = 1.0 / (tail * tail)
    series = 1.0 - square * (1.0 - 3.0 * square * (1.0 - 5.0 * square * (1.0 - 7.0 * square * (1.0 - 9.0 * square))))
    far = -0.5 * tail * tail - _HALF_LN_2PI - np.log(-tail) + np.log(series)
    near = np.log(np.maximum(normal_cdf(np.maximum(z, _FAR)), 1e-300))
    return np.where(z < _FAR, far, near)


def normal_cdf(z: Array) -> Array:
    """Return the standard normal distribution function to about 1e-15 (West's double-precision form)."""
    x = np.minimum(np.abs(np.asarray(z, dtype=np.float64)), 37.0)
    top, low = np.polyval(_TOP, x), np.polyval(_LOW, x)
    gauss = np.exp(-0.5 * x * x)
    fraction = x + 1.0 / (x + 2.0 / (x + 3.0 / (x + 4.0 / (x + 0.65))))
    upper = np.where(x < 7.07106781186547, gauss * top / low, gauss / fraction / 2.506628274631)
    return np.where(np.asarray(z) > 0, 1.0 - upper, upper)


def count_objective(u: Array, counts: Counts, residual: Residual) -> tuple[Array, Array, Array]:
    """Return q and its first two derivatives by u = ln(prediction), for predictions (counts x particles)."""
    z, dz, ddz, ln_v, dln_v, ddln_v = _standardised(u, counts, residual)
    exact = np.broadcast_to(counts.exact[:, None], u.shape)
    side = np.broadcast_to(-counts.side[:, None], u.shape)
    q = z * z + ln_v
    first = 2.0 * z * dz + dln_v
    second = 2.0 * dz * dz + 2.0 * z * ddz + ddln_v
    if not counts.exact.all():
        s = side * z
        ln_p = ln_phi(s)
        hazard = np.exp(-0.5 * s * s - _HALF_LN_2PI - ln_p)
        q = np.where(exact, q, -2.0 * ln_p)
        first = np.where(exact, first, -2.0 * hazard * side * dz)
        second = np.where(exact, second, 2.0 * hazard * (hazard + s) * dz * dz - 2.0 * hazard * side * ddz)
    return q, first, second


def _standardised(u: Array, counts: Counts, residual: Residual) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Return z and ln variance with their derivatives by u."""
    sd = residual.sd[:, None]
    if residual.kind == "lognormal":
        zero = np.zeros_like(u)
        return (np.log(counts.value)[:, None] - u) / sd, np.broadcast_to(-1.0 / sd, u.shape), zero, zero, zero, zero
    f = np.exp(u)
    relative = (sd * f) ** 2
    variance = relative + residual.additive_sd**2
    share = relative / variance
    root = np.sqrt(variance)
    z = (counts.value[:, None] - f) / root
    dz = -f / root - z * share
    dshare = 2.0 * share * (1.0 - share)
    ddz = -f / root + f / root * share - dz * share - z * dshare
    return z, dz, ddz, np.log(variance), 2.0 * share, 2.0 * dshare
