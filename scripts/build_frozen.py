"""Build the frozen program in a clean environment of its own and prove it with its selftest: scripts/build_frozen.py [FOLDER]."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYINSTALLER = "pyinstaller==6.22.3"


def main(folder: Path) -> int:
    """Make the environment, build, run the selftest with an empty environment, and print sizes and times."""
    environment, started = folder / "venv", time.monotonic()
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    if not environment.exists():
        run(sys.executable, "-m", "venv", str(environment))
        run(str(scripts / "python"), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(ROOT / "requirements" / "runtime.lock"))
        run(str(scripts / "python"), "-m", "pip", "install", "-q", PYINSTALLER)
    target = folder / "dist"
    build = [
        str(scripts / "pyinstaller"),
        "--noconfirm",
        "--log-level",
        "WARN",
        "--distpath",
        str(target),
        "--workpath",
        str(folder / "work"),
    ]
    run(*build, str(ROOT / "build.spec"))
    program = target / "neutromon" / ("neutromon.exe" if os.name == "nt" else "neutromon")
    print(f"built in {time.monotonic() - started:.0f} s, {megabytes(program.parent):.0f} MB on disk", flush=True)
    for path in sorted((program.parent / "_internal").iterdir(), key=megabytes, reverse=True)[:8]:
        print(f"  {path.name}: {megabytes(path):.1f} MB", flush=True)
    kernel = sum(megabytes(path) for path in program.parent.rglob("_kernel.*"))
    print(f"the forecast engine adds a compiled kernel of {kernel:.2f} MB", flush=True)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    bare = {"PATH": os.defpath, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return subprocess.run([str(program), "selftest"], env=bare | kept, check=False, timeout=300).returncode


def megabytes(place: Path) -> float:
    """Return what a file or folder takes, every file once: a link takes nothing."""
    if place.is_symlink():
        return 0.0
    files = [place] if place.is_file() else place.rglob("*")
    return sum(path.stat().st_size for path in files if path.is_file() and not path.is_symlink()) / 1e6


def run(*command: str) -> None:
    """Run one step; a failure ends the build."""
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()))
