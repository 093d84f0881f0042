"""Where files are: the shipped resources in a wheel, a source tree and a frozen build, and the user's data folder."""

import sys
from pathlib import Path

APPLICATION = "NeutroMon"


def resources_folder() -> Path:
    """Return the folder of the shipped resources; raise FileNotFoundError where the installation is incomplete."""
    package = Path(__file__).resolve().parent.parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else []
    places += [package.parent / "resources", package / "resources"]
    for place in places:
        if (place / "rules").is_dir():
            return place
    raise FileNotFoundError("The resources folder is missing: install the program again.")


def resource_path(relative: str) -> Path:
    """Return the path of a shipped file."""
    return resources_folder() / relative


def resource_text(relative: str) -> str:
    """Return the text of a shipped file."""
    return resource_path(relative).read_text(encoding="utf-8")


def rule_texts() -> dict[str, str]:
    """Return every rule and regimen file by name."""
    folder = resources_folder()
    files = [*sorted((folder / "rules").glob("*.toml")), *sorted((folder / "regimens").glob("*.toml"))]
    return {path.name: path.read_text(encoding="utf-8") for path in files if not path.name.endswith(".cases.toml")}


def user_data_dir() -> Path:
    """Return this user's data folder of the platform."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False)


def default_store_path() -> Path:
    """Return where a user's own store lies unless --store names another."""
    return user_data_dir() / "clinic.neutromon"


def practice_store_path() -> Path:
    """Return where the practice clinic lies."""
    return user_data_dir() / "practice.neutromon"
