"""Kernels, priors and made-up courses for the forecast's tests."""

from pathlib import Path

import pytest

from neutromon.forecast.build import compile_kernel
from neutromon.forecast.kernel import Kernel, NumpyKernel
from neutromon.forecast.library import SUFFIX, load_kernel
from neutromon.forecast.prior_file import read_priors
from neutromon.forecast.priors import PriorBook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def priors() -> PriorBook:
    """The priors as shipped."""
    return read_priors((ROOT / "resources" / "priors" / "priors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """The kernel that this machine can build: C with a compiler, numpy without one, and it says which."""
    target = tmp_path_factory.mktemp("kernel") / f"_kernel{SUFFIX}"
    compiled = compile_kernel(target)
    kernel = load_kernel(target)
    assert kernel.name == ("C" if compiled else "numpy")
    return kernel


@pytest.fixture(params=["built", "numpy"])
def kernel(request: pytest.FixtureRequest, built: Kernel) -> Kernel:
    """Each kernel in turn."""
    return built if request.param == "built" else NumpyKernel()
