"""The kernel: both forms agree, the scheme is accurate, a missing or foreign library gives way to numpy."""

import ctypes
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.forecast import build
from neutromon.forecast.grid import make_grid
from neutromon.forecast.kernel import Growth, Kernel, NumpyKernel, Particles, Release
from neutromon.forecast.library import KERNEL, PLACE, VERSION, load_kernel
from scripts.forecast_kernel import eighth_order, ours


def release_of(nodes: int, lk: np.ndarray, t_e: np.ndarray, kappa: np.ndarray) -> Release:
    amount = np.zeros(nodes)
    amount[[0, 40]] = 1.0, 0.75
    occasion = np.zeros(nodes, dtype=np.int32)
    occasion[40] = 1
    return Release(amount=amount, occasion=occasion, scale=np.exp(kappa), lk=lk, rate=np.log(2.0) / t_e)


@pytest.mark.parametrize("products", [0, 1, 2])
@pytest.mark.parametrize("count", [1, 7, 8, 33])
def test_that_both_kernels_give_the_same_numbers(built: Kernel, products: int, count: int) -> None:
    random = np.random.default_rng(count)
    steps = np.r_[np.ones(12), np.full(28, 3.0), np.full(50, 8.0)]
    nodes = len(steps) + 1
    mtt = 88.0 * np.exp(0.2 * random.standard_normal(count))
    gains = (np.full(count, 1.25), np.full(count, 0.75)) if products else None
    particles = Particles.of(5.0 * np.exp(0.4 * random.standard_normal(count)), 4.0 / mtt, np.full(count, 0.16), 4.0 / mtt, gains)
    release = release_of(nodes, np.full(count, 3.2), np.full(count, 12.0), 0.25 * random.standard_normal((2, count)))
    growth = None
    if products:
        times = np.concatenate(([0.0], np.cumsum(steps)))
        absorb, remove = np.array([0.15, 0.02])[:products], np.array([0.03, 0.004])[:products]
        since = np.maximum(times - 48.0, 0.0)
        depot = np.array([1.0, 6.0])[:products, None] * np.exp(-absorb[:, None] * since) * (times >= 48.0)
        growth = Growth(depot=depot, absorb=absorb, remove=remove, by_count=0.004, half=0.35)
    inflow = random.random(len(steps)) * 0.01
    found = []
    for kernel in (built, NumpyKernel()):
        effect = kernel.release(steps, release, particles.ktr)
        found.append(kernel.integrate(steps, particles, effect, inflow, growth))
    assert np.abs(np.log(found[0][0] / found[1][0])).max() < 1e-9
    assert np.abs(found[0][1] - found[1][1]).max() < 1e-9


@pytest.mark.parametrize(("lk", "t_e", "mtt"), [(6.0, 2.0, 70.0), (6.0, 54.0, 70.0), (1.0, 260.0, 150.0), (3.2, 12.0, 88.0)])
def test_that_the_steps_of_the_forecast_are_accurate(kernel: Kernel, lk: float, t_e: float, mtt: float) -> None:
    grid = make_grid([0.0], [24.0 * day for day in range(1, 22)])
    own, true = ours(grid, 1, lk, t_e, mtt, kernel), eighth_order(grid.nodes, 1, lk, t_e, mtt)
    assert np.abs(np.log(own / true)).max() < 3e-3
    assert abs(np.log(own.min() / true.min())) < 1e-3


def test_that_without_a_drug_nothing_moves(kernel: Kernel) -> None:
    one = np.ones(3)
    circ, slope = kernel.integrate(np.full(60, 8.0), Particles.of(4.8 * one, 0.04 * one, 0.17 * one, 0.04 * one), np.zeros((60, 3)))
    assert np.abs(circ - 4.8).max() < 1e-12
    assert np.abs(slope).max() < 1e-12


@given(lk=st.floats(0.1, 6.0), factor=st.floats(0.1, 2.0), t_e=st.floats(2.0, 260.0))
def test_that_scaling_a_dose_scales_the_log_kill(lk: float, factor: float, t_e: float) -> None:
    steps, one = np.full(30, 4.0), np.ones(1)
    amount = np.zeros(31)
    amount[0] = 1.0
    rows = np.zeros(31, dtype=np.int32)
    of_dose = Release(amount=factor * amount, occasion=rows, scale=np.ones((1, 1)), lk=lk * one, rate=np.log(2.0) / t_e * one)
    of_kill = Release(amount=amount, occasion=rows, scale=np.ones((1, 1)), lk=factor * lk * one, rate=np.log(2.0) / t_e * one)
    for kernel in (KERNEL, NumpyKernel()):
        assert np.allclose(kernel.release(steps, of_dose, 0.04 * one), kernel.release(steps, of_kill, 0.04 * one), rtol=1e-12)


def test_that_a_missing_library_gives_way_to_numpy_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="neutromon.forecast"):
        assert load_kernel(tmp_path / "none.so").name == "numpy"
    assert "kernel: numpy" in caplog.text


def test_that_a_file_that_is_no_library_gives_way_to_numpy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = tmp_path / "_kernel.so"
    place.write_bytes(b"not a library")
    with caplog.at_level(logging.INFO, logger="neutromon.forecast"):
        assert load_kernel(place).name == "numpy"
    assert "cannot be loaded" in caplog.text


def test_that_a_library_of_another_version_gives_way_to_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Other:
        def nm_version(self) -> int:
            return VERSION + 1

    place = tmp_path / "_kernel.so"
    place.write_bytes(b"")
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Other())
    with caplog.at_level(logging.INFO, logger="neutromon.forecast"):
        assert load_kernel(place).name == "numpy"
    assert "another version" in caplog.text


def test_that_without_a_compiler_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda _name: None)
    target = tmp_path / "_kernel.so"
    assert build.compile_kernel(target) is False
    assert not target.exists()


def test_that_a_compiler_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda name: sys.executable if name == "cc" else None)
    target = tmp_path / "_kernel.so"
    assert build.compile_kernel(target) is False
    assert not target.exists()


def test_that_the_build_says_which_kernel_will_compute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "compile_kernel", lambda: False)
    assert build.main() == 0
    monkeypatch.setattr(build, "compile_kernel", lambda: True)
    assert build.main() == 0
    assert capsys.readouterr().out.splitlines() == ["forecast kernel: numpy (no C compiler was found)", "forecast kernel: C"]


def test_that_loading_the_kernel_leaves_small_numbers_alone(built: Kernel) -> None:
    assert built.name in ("C", "numpy")
    assert float(np.float64(5e-324) * 1.0) > 0.0
    assert 2.2250738585072014e-308 / 4.0 > 0.0


def test_that_the_kernel_of_this_process_is_the_installed_one() -> None:
    assert KERNEL.name == load_kernel(PLACE).name


def test_that_the_package_build_compiles_without_the_program_s_own_packages() -> None:
    root = build.SOURCE.parents[2]
    program = (
        "import sys, hatch_build, pathlib; m = hatch_build.kernel_build(pathlib.Path('.')); print(m.PLACE.name, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [build.PLACE.name, "False"]
