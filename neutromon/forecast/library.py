"""The compiled kernel behind the same interface; where its library is missing or of another version, numpy takes its place."""

import ctypes
import logging
import sys
from pathlib import Path

import numpy as np

from neutromon.forecast.kernel import Array, Growth, Kernel, NumpyKernel, Particles, Release

VERSION = 1
"""Must equal nm_version() of kernel.c."""
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
PLACE = Path(__file__).resolve().parent / f"_kernel{SUFFIX}"


class CompiledKernel:
    """The kernel in C, called through ctypes, which gives the interpreter lock back while it runs."""

    name = "C"

    def __init__(self, library: ctypes.CDLL) -> None:
        self._integrate = library.nm_integrate
        self._integrate.restype = None
        self._release = library.nm_release
        self._release.restype = None

    def integrate(
        self, steps: Array, particles: Particles, effect: Array, inflow: Array | None = None, growth: Growth | None = None
    ) -> tuple[Array, Array]:
        """Return Circ and its time derivative (nodes x particles)."""
        n, m = len(particles.circ0), len(steps) + 1
        circ, slope = np.empty((m, n)), np.empty((m, n))
        table, effect = particles.table(), np.ascontiguousarray(effect, dtype=np.float64)
        steps = np.ascontiguousarray(steps, dtype=np.float64)
        given = None if inflow is None else np.ascontiguousarray(inflow, dtype=np.float64)
        depot, rates = _growth_arrays(growth)
        products = 0 if growth is None else len(growth.absorb)
        self._integrate(n, m, _at(table), _at(steps), _at(effect), _at(given), products, _at(depot), _at(rates), _at(circ), _at(slope))
        return circ, slope

    def release(self, steps: Array, release: Release, ktr: Array) -> Array:
        """Return the step-mean effect of dose-only release (steps x particles)."""
        n, m = len(release.lk), len(steps) + 1
        effect = np.zeros((m - 1, n))
        numbers = [np.ascontiguousarray(a, dtype=np.float64) for a in (steps, release.amount, release.scale, release.lk, release.rate, ktr)]
        occasion = np.ascontiguousarray(release.occasion, dtype=np.int32)
        step, amount, scale, lk, rate, own_ktr = (_at(a) for a in numbers)
        self._release(n, m, step, amount, occasion.ctypes.data_as(ctypes.c_void_p), scale, lk, rate, own_ktr, _at(effect))
        return effect


def _at(array: Array | None) -> ctypes.c_void_p | None:
    return None if array is None else array.ctypes.data_as(ctypes.c_void_p)


def _growth_arrays(growth: Growth | None) -> tuple[Array | None, Array | None]:
    if growth is None:
        return None, None
    rates = [growth.half, growth.by_count]
    for absorb, remove in zip(growth.absorb, growth.remove, strict=True):
        rates += [float(absorb), float(remove)]
    return np.ascontiguousarray(growth.depot, dtype=np.float64), np.array(rates)


def load_kernel(place: Path = PLACE) -> Kernel:
    """Return the compiled kernel of a library file, or the numpy kernel with a line in the log that says why."""
    log = logging.getLogger("neutromon.forecast")
    if not place.exists():
        log.info("kernel: numpy (no compiled kernel is installed)")
        return NumpyKernel()
    try:
        library = ctypes.CDLL(str(place))
        version = int(library.nm_version())
    except (OSError, AttributeError):
        log.warning("kernel: numpy (the compiled kernel cannot be loaded)")
        return NumpyKernel()
    if version != VERSION:
        log.warning("kernel: numpy (the compiled kernel is of another version)")
        return NumpyKernel()
    log.info("kernel: C")
    return CompiledKernel(library)


KERNEL = load_kernel()
"""The kernel of this process, chosen once at import."""
