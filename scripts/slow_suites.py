"""Run the slow suites one after the other: crash loops, the import fuzzer, the forecast's full acceptance, the frozen build."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def suites() -> dict[str, list[str]]:
    """Return the command of each suite by its name; `slow_suites.py NAME...` runs some of them."""
    python, scripts = sys.executable, ROOT / "scripts"
    return {
        "crash loop": [python, str(scripts / "crash_loop.py"), "--kills", "200"],
        "import crash loop": [python, str(scripts / "import_crash_loop.py")],
        "import fuzzer": [python, str(scripts / "fuzz_import.py"), "--messages", "100000"],
        "forecast acceptance": [python, str(scripts / "forecast_acceptance.py")],
        "frozen build": [python, str(scripts / "build_frozen.py"), str(Path(tempfile.gettempdir()) / "neutromon-frozen")],
    }


def main(wanted: list[str]) -> int:
    """Return 0 when every suite passes; each is told with its time."""
    failed = 0
    for name, command in suites().items():
        if wanted and name not in wanted:
            continue
        started = time.monotonic()
        print(f"== {name}: {' '.join(Path(part).name for part in command)}", flush=True)
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(f"== {name}: {'passed' if status == 0 else f'FAILED with {status}'} after {time.monotonic() - started:.0f} s", flush=True)
        failed = failed or status
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
