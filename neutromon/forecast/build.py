"""Compile the kernel where a C compiler is at hand: `python -m neutromon.forecast.build`; the package's own build does the same."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "kernel.c"
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
PLACE = SOURCE.with_name(f"_kernel{SUFFIX}")
FLAGS = ("-O3", "-ffast-math", "-fopenmp-simd", "-fPIC", "-shared", "-fvisibility=hidden")


def compilers() -> list[str]:
    """Return the C compilers of this machine, the best known first."""
    return [found for name in ("gcc", "clang", "cc") if (found := shutil.which(name))]


def commands(target: Path) -> list[list[str]]:
    """Return the ways to compile, the fastest code first; the last lets go of code per processor generation."""
    tail = [str(SOURCE), "-o", str(target), "-lm"]
    return [[compiler, *FLAGS, extra, *tail] for compiler in compilers() for extra in ("-DNM_CLONES=2", "-DNM_CLONES=1", "-DNM_CLONES=0")]


def compile_kernel(target: Path = PLACE) -> bool:
    """Compile into the target and return whether it worked; without a compiler nothing happens and numpy computes."""
    with tempfile.TemporaryDirectory(prefix="neutromon-kernel-") as folder:
        made = Path(folder) / target.name
        for command in commands(made):
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode == 0 and made.exists():
                shutil.copyfile(made, target)
                return True
    return False


def main() -> int:
    """Compile in place and say what will compute."""
    done = compile_kernel()
    sys.stdout.write(f"forecast kernel: {'C' if done else 'numpy (no C compiler was found)'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
