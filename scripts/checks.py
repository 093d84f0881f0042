"""Run every check that is no test: style, format, types, import contracts, generated pages, translations."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OPTIONAL = ("translations.py", "clinical_basis.py")


def commands() -> list[list[str]]:
    """Return the checks in the order in which they tell most."""
    found = [
        [str(BIN / "ruff"), "check", "--quiet", "."],
        [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        [str(BIN / "lint-imports"), "--no-cache"],
        [str(BIN / "mypy")],
    ]
    scripts = [ROOT / "scripts" / name for name in OPTIONAL]
    return found + [[sys.executable, str(script), "--check"] for script in scripts if script.exists()]


def main() -> int:
    """Return 0 when all hold; print the output of those that do not."""
    failed = 0
    for command in commands():
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        name = " ".join(Path(part).name for part in command)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
        if done.returncode:
            failed = 1
            print(done.stdout[-6000:] + done.stderr[-3000:], flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
