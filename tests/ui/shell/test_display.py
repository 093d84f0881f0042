"""A display that is set is asked whether it answers, before Qt ends the program because it does not."""

import socket
from pathlib import Path

import pytest

from neutromon.ui.start import display
from neutromon.ui.start.display import unreachable_display

LINUX = "linux"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"DISPLAY": ":59731"}, ":59731"),
        ({"DISPLAY": "unix:59731.0"}, "unix:59731.0"),
        ({"WAYLAND_DISPLAY": "wayland-none", "XDG_RUNTIME_DIR": "/nowhere"}, "wayland-none"),
        ({"DISPLAY": ":59731", "QT_QPA_PLATFORM": "xcb"}, ":59731"),
        ({"DISPLAY": ":59731", "QT_QPA_PLATFORM": "offscreen"}, ""),
        ({"DISPLAY": "elsewhere:0"}, ""),
        ({"DISPLAY": "not a display"}, ""),
        ({}, ""),
    ],
)
def test_that_a_display_that_does_not_answer_is_named(environment: dict[str, str], named: str) -> None:
    assert unreachable_display(environment, LINUX) == named


def test_that_other_systems_are_left_to_qt() -> None:
    assert unreachable_display({"DISPLAY": ":59731"}, "darwin") == ""


if hasattr(socket, "AF_UNIX"):  # the X Window System listens on sockets that not every system has

    def test_that_a_display_that_answers_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(display, "X_FOLDER", str(tmp_path))
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(tmp_path / "X7"))
            server.listen(1)
            assert unreachable_display({"DISPLAY": ":7"}, LINUX) == ""
            assert unreachable_display({"WAYLAND_DISPLAY": "X7", "XDG_RUNTIME_DIR": str(tmp_path)}, LINUX) == ""


def test_that_a_forwarded_display_is_asked_on_the_loopback_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        monkeypatch.setattr(display, "X_PORT", port - 10)
        assert unreachable_display({"DISPLAY": "localhost:10.0"}, LINUX) == "localhost:10.0"
        server.listen(1)
        assert unreachable_display({"DISPLAY": "localhost:10.0"}, LINUX) == ""
