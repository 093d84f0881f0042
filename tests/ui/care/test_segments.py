"""The row of choices: one stop of the Tab key, chosen by click, arrow or letter; not asked is no answer."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from neutromon.ui.care.segments import Segments, answers
from neutromon.ui.theme import Theme
from neutromon.ui.widgets.layout import column

Question = Segments[bool | None]
Two = Callable[..., tuple[Question, Question]]


@pytest.fixture
def two(qtbot: QtBot) -> Iterator[Two]:
    """Return a function that shows two questions, one behind the other."""
    holders: list[QWidget] = []

    def show(*, rtl: bool = False) -> tuple[Question, Question]:
        holder = QWidget()
        holders.append(holder)
        holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        inside = column(holder)
        made = tuple(Segments(Theme(), answers(), name=name, about=name, value=None, quiet=(None,)) for name in ("Rigors", "Rash"))
        for one in made:
            inside.addWidget(one)
        holder.show()
        return made[0], made[1]

    yield show
    for holder in holders:
        holder.close()


@pytest.fixture
def asked(two: Two) -> Question:
    """Return a question that was not asked yet, with another behind it."""
    return two()[0]


def test_that_a_question_begins_as_not_asked_and_says_so(asked: Question) -> None:
    assert (asked.value, asked.accessibleName()) == (None, "Rigors: Not asked")


@pytest.mark.parametrize(("key", "value"), [(Qt.Key.Key_Y, True), (Qt.Key.Key_N, False)])
def test_that_a_letter_answers_and_goes_on_to_the_next_question(qtbot: QtBot, two: Two, key: Qt.Key, value: bool) -> None:
    first, second = two()
    with qtbot.waitActive(first.window()):
        first.window().activateWindow()
    first.setFocus()
    qtbot.keyClick(first, key)
    assert first.value is value and second.hasFocus()


def test_that_an_unknown_letter_and_a_shortcut_answer_nothing(qtbot: QtBot, asked: Question) -> None:
    qtbot.keyClick(asked, Qt.Key.Key_X)
    qtbot.keyClick(asked, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert asked.value is None


def test_that_arrows_move_and_stop_at_the_ends(qtbot: QtBot, asked: Question) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(asked, key)
    assert asked.value is True
    qtbot.keyClick(asked, Qt.Key.Key_Right)
    assert asked.value is False


def test_that_arrows_follow_the_direction_of_the_text(qtbot: QtBot, two: Two) -> None:
    first, _ = two(rtl=True)
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert first.value is False


@pytest.mark.parametrize(("rtl", "value"), [(False, True), (True, None)])
def test_that_a_click_takes_what_is_under_it(qtbot: QtBot, two: Two, rtl: bool, value: bool | None) -> None:
    first, _ = two(rtl=rtl)
    first.set_value(False)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=QPoint(6, 10))
    assert first.value is value


def test_that_a_closed_choice_cannot_be_taken_until_it_is_opened(qtbot: QtBot, asked: Question) -> None:
    asked.set_off(True, True)
    assert asked.is_off(True)
    qtbot.keyClick(asked, Qt.Key.Key_Y)
    assert asked.value is None
    asked.set_off(True, False)
    asked.set_value(True)
    assert asked.value is True


def test_that_a_change_is_told_once(qtbot: QtBot, asked: Question) -> None:
    told: list[int] = []
    asked.changed.connect(lambda: told.append(1))
    asked.set_value(True)
    asked.set_value(True)
    asked.set_value("something else")  # type: ignore[arg-type]
    assert told == [1]


def test_that_hovering_paints_and_leaving_takes_it_back(qtbot: QtBot, asked: Question) -> None:
    plain = asked.grab().toImage()
    qtbot.mouseMove(asked, QPoint(12, 12))
    asked.mouseMoveEvent(_move(asked, 12, 12))
    over = asked.grab().toImage()
    asked.leaveEvent(None)
    assert over != plain and asked.grab().toImage() == plain


def _move(widget: QWidget, x: int, y: int) -> object:
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    place = QPointF(x, y)
    return QMouseEvent(
        QEvent.Type.MouseMove, place, place, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    )


def test_that_a_question_mark_is_read_as_unknown(qtbot: QtBot) -> None:
    made: Segments[bool | None] = Segments(Theme(), [(True, "Yes"), (None, "?")], name="copd", about="COPD", value=None, quiet=(None,))
    qtbot.addWidget(made)
    assert made.accessibleName() == "COPD: unknown"


@pytest.mark.parametrize(("text", "value"), [("0", True), ("1", False), ("2", None), ("7", None), ("yes", None)])
def test_that_a_draft_brings_a_choice_back_or_is_passed_over(asked: Question, text: str, value: bool | None) -> None:
    asked.set_draft_text(text)
    assert asked.value is value
    asked.set_value(False)
    assert asked.draft_text() == "1"


def a_decision(qtbot: QtBot) -> Segments[str]:
    words = [("proceed", "Proceed"), ("defer", "Defer"), ("refer", "Refer"), ("repeat", "Repeat count")]
    made: Segments[str] = Segments(Theme(), words, name="choice", about="Decision", value="")
    qtbot.addWidget(made)
    made.set_off("proceed", True)
    return made


def test_that_an_arrow_steps_over_a_closed_choice(qtbot: QtBot) -> None:
    made = a_decision(qtbot)
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert made.value == "defer"
    qtbot.keyClick(made, Qt.Key.Key_Left)
    assert made.value == "defer"


def test_that_a_letter_that_two_choices_share_goes_through_them(qtbot: QtBot) -> None:
    made = a_decision(qtbot)
    qtbot.keyClicks(made, "r")
    assert made.value == "refer"
    qtbot.keyClicks(made, "r")
    assert made.value == "repeat"
    qtbot.keyClicks(made, "p")
    assert made.value == "repeat"


def test_that_a_screen_reader_is_told_what_can_be_chosen_and_not_what_is_closed(asked: Question) -> None:
    asked.set_off(True, True)
    assert asked.accessibleDescription() == "Choices: No, Not asked. Arrows, or the first letter."
