"""Compile the kernel where a C compiler is at hand: `python -m neutromon.forecast.build`; the package's own build does the same."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "kernel.c"
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
PLACE = SOURCE.with_name(f"_kernel{SUFFIX}")
FLAGS = ("-O3", "-ffast-math", "-fopenmp-simd", "-fPIC", "-fvisibility=hidden", "-c")
LINK = ("-shared",)
"""Linked without -ffast-math: with it, older compilers add start-up code that makes the whole process lose subnormal numbers."""
Steps = list[list[str]]


def compilers() -> list[str]:
    """Return the C compilers of this machine, the best known first."""
    return [found for name in ("gcc", "clang", "cc") if (found := shutil.which(name))]


def commands(folder: Path, target: Path) -> list[Steps]:
    """Return the ways to compile, the fastest code first; the last lets go of code per processor generation."""
    part = str(folder / "kernel.o")
    ways = []
    for compiler in compilers():
        for level in ("-DNM_CLONES=2", "-DNM_CLONES=1", "-DNM_CLONES=0"):
            ways.append([[compiler, *FLAGS, level, str(SOURCE), "-o", part], [compiler, *LINK, part, "-o", str(target), "-lm"]])
    return ways


def compile_kernel(target: Path = PLACE) -> bool:
    """Compile into the target and return whether it worked; without a compiler nothing happens and numpy computes.

    The library is replaced, never overwritten: a running program keeps the one it has loaded.
    """
    with tempfile.TemporaryDirectory(prefix="neutromon-kernel-") as folder:
        made = Path(folder) / target.name
        for steps in commands(Path(folder), made):
            if all(subprocess.run(step, capture_output=True, check=False).returncode == 0 for step in steps) and made.exists():
                fresh = target.with_name(f"{target.name}.new")
                shutil.copyfile(made, fresh)
                fresh.replace(target)
                return True
    return False


def main() -> int:
    """Compile in place and say what will compute."""
    done = compile_kernel()
    sys.stdout.write(f"forecast kernel: {'C' if done else 'numpy (no C compiler was found)'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
