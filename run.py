#!/usr/bin/env python3
"""Set NeutroMon up and start it (`python3 run.py`) or pass its tests (`python3 run.py test`); needs Python 3.11 and nothing else."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.lock"
STAMP = VENV / "neutromon-set-up"
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}


def main(arguments: list[str]) -> int:
    """Do what the first word asks; every step that is already done is passed over."""
    if sys.version_info < (3, 11) or sys.version_info >= (3, 14):
        return fail("NeutroMon needs Python 3.11, 3.12 or 3.13.", "Start this file with one of them, for example: python3.11 run.py")
    for step in (install_system_packages, make_environment, install_packages):
        status = step()
        if status:
            return status
    if arguments[:1] == ["test"]:
        return test(arguments[1:])
    return subprocess.call([str(python()), "-m", "neutromon", *(arguments or ["--practice"])], cwd=ROOT)


def test(arguments: list[str]) -> int:
    """Check style, types, import contracts and generated files, then run the tests; the first fault decides the exit status."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    checks = [] if arguments else [[str(python()), str(ROOT / "scripts" / "checks.py")]]
    status = 0
    for command in [*checks, [str(python()), "-m", "pytest", *(arguments or ["-n", "2"])]]:
        status = subprocess.call(command, cwd=ROOT, env=environment) or status
    return status


def install_system_packages() -> int:
    """Install what Qt and the set-up need from Debian when root; name exactly what is missing when not."""
    if sys.platform != "linux":
        return 0
    missing = sorted({package for library, package in LIBRARIES.items() if not loads(library)})
    if not VENV.exists() and not has_venv():
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if not missing:
        return 0
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return fail(f"These system libraries are missing: {' '.join(missing)}.", f"Ask an administrator for: {' '.join(command)}")
    say(f"Installing system libraries: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        if subprocess.call(step, env=environment, stdout=subprocess.DEVNULL):
            return fail(f"This did not work: {' '.join(step)}.", "Look at the message above, mend it and start again.")
    return 0


def loads(library: str) -> bool:
    """Return whether the loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_venv() -> bool:
    """Return whether this Python can make an environment with pip in it."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def make_environment() -> int:
    """Make the private Python environment in the folder .venv, once."""
    if python().exists():
        return 0
    say("Making the Python environment in .venv")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        return fail("The Python environment could not be made.", "Look at the message above; is this folder writable and not full?")
    return 0


def install_packages() -> int:
    """Install the pinned packages by their hashes and the program itself; nothing where the lock has not changed."""
    python_version = ".".join(str(part) for part in sys.version_info[:2])  # a security update of the interpreter changes nothing here
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + python_version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return 0
    say("Installing the pinned packages (some minutes the first time)")
    pip = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
    for step in ([*pip, "--require-hashes", "-r", str(LOCK)], [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]):
        if subprocess.call(step):
            return fail("The packages could not be installed.", "Look at the message above; the set-up needs a package index once.")
    STAMP.write_text(wanted, encoding="ascii")
    return 0


def python() -> Path:
    """Return the environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text: str) -> None:
    """Tell what is being done, on standard error."""
    print(f"[set-up] {text}", file=sys.stderr, flush=True)


def fail(problem: str, hint: str) -> int:
    """Tell one problem and what to do about it."""
    print(f"{problem}\n{hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
