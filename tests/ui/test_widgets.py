"""The small parts: text is shown as text, buttons are named, a dialog belongs to one patient."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.changes import Changes
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.stylesheet import qt_palette, style_sheet
from neutromon.ui.theme import DARK, LIGHT, Theme
from neutromon.ui.widgets.badges import TierBadge, badge_text
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.file_dialog import FileDialog
from neutromon.ui.widgets.labels import ElidedLabel, TextLabel, as_tooltip

MARKUP = "<b>Testa</b> <img src=x> & Example"


def test_that_markup_in_a_label_is_shown_as_text(qtbot: QtBot) -> None:
    label = TextLabel(MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == MARKUP


def test_that_markup_in_a_tooltip_is_escaped() -> None:
    assert "<b>" not in as_tooltip(MARKUP)


def test_that_a_long_name_is_cut_and_wholly_in_the_tooltip_and_the_accessible_name(qtbot: QtBot) -> None:
    label = ElidedLabel("Maximiliane Theodora von und zu Beispielhausen")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert "Beispielhausen" in label.toolTip()
    assert label.accessibleName().endswith("Beispielhausen")
    label.close()


def test_that_a_button_has_a_name_and_its_key_in_the_tooltip(qtbot: QtBot) -> None:
    pressed: list[int] = []
    made = button("&Enter count", lambda: pressed.append(1), name="enter", key="Ctrl+N")
    qtbot.addWidget(made)
    made.click()
    assert (made.accessibleName(), pressed) == ("Enter count", [1])
    assert "Ctrl+N" in made.toolTip()


@pytest.mark.parametrize("tier", list(Tier))
def test_that_a_tier_badge_says_its_word_beside_its_glyph(qtbot: QtBot, tier: Tier) -> None:
    badge = TierBadge(Theme(), tier, count=3)
    qtbot.addWidget(badge)
    glyph, number, word = badge.accessibleName().split()
    assert (glyph, number, word) == (LIGHT.tiers[tier].glyph, "3", tier.name.capitalize())
    assert badge_text(Theme(), tier) == f"{glyph} {word}"


def test_that_a_dialog_keeps_the_patient_with_whom_it_was_opened(qtbot: QtBot) -> None:
    dialog = Dialog("Enter count", about=MARKUP, patient_id="p1")
    qtbot.addWidget(dialog)
    with pytest.raises(AttributeError):
        dialog.patient_id = "p2"  # type: ignore[misc]
    assert dialog.patient_id == "p1"


def test_that_a_dialog_shows_a_problem_with_what_to_do_and_takes_it_away_again(qtbot: QtBot) -> None:
    dialog = Dialog("Enter count")
    qtbot.addWidget(dialog)
    dialog.show_problem(UserError("The disk is full.", "Free some room."))
    assert dialog.problem_text() == "The disk is full. Free some room."
    dialog.show_problem("")
    assert dialog.problem_text() == ""


def test_that_ctrl_enter_presses_the_primary_button_and_escape_backs_out(qtbot: QtBot) -> None:
    dialog, pressed = Dialog("Enter count"), []
    dialog.add_primary("Save", lambda: pressed.append(1))
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [1]
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_that_a_primary_button_is_the_default(qtbot: QtBot) -> None:
    made = primary_button("Save", name="save")
    qtbot.addWidget(made)
    assert made.isDefault()


def test_that_the_notifier_tells_ids_only_and_nothing_where_nothing_changed(qtbot: QtBot) -> None:
    notifier, heard = ChangeNotifier(), []
    notifier.patients_changed.connect(heard.append)
    notifier.changed.connect(heard.append)
    notifier.announce(Changes())
    assert heard == []
    notifier.announce(Changes(patient_ids=frozenset({"p1"})))
    assert heard == [frozenset({"p1"}), Changes(patient_ids=frozenset({"p1"}))]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_style_sheet_fills_in_every_name_and_grows_with_the_text_size(palette: object) -> None:
    assert palette in (LIGHT, DARK)
    chosen = LIGHT if palette is LIGHT else DARK
    small, big = style_sheet(Theme(palette=chosen)), style_sheet(Theme(palette=chosen, scale=2.0))
    assert "{" in small and "{body}" not in small and small != big
    assert qt_palette(chosen).window().color().name().upper() == chosen.window


@pytest.mark.parametrize(
    ("mode", "said"), [(QFileDialog.FileMode.Directory, "There is no folder"), (QFileDialog.FileMode.ExistingFiles, "There is no file")]
)
def test_that_a_name_that_is_not_there_is_said_in_the_file_dialog_which_stays(
    qtbot: QtBot, tmp_path: Path, mode: QFileDialog.FileMode, said: str
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    dialog = FileDialog(owner, "Choose", str(tmp_path))
    dialog.setFileMode(mode)
    chosen: list[list[str]] = []
    dialog.filesSelected.connect(chosen.append)
    dialog.open()
    typed = dialog.findChild(QLineEdit, "fileNameEdit")
    typed.setText("not there")
    dialog.accept()
    assert dialog.isVisible() and chosen == []
    assert dialog.problem.isVisible() and said in dialog.problem.text() and "not there" in dialog.problem.text()
    assert not owner.findChildren(QMessageBox)
    (tmp_path / "not there").mkdir() if mode is QFileDialog.FileMode.Directory else (tmp_path / "not there").write_bytes(b"")
    dialog.accept()
    assert not dialog.isVisible() and [Path(name).name for name in chosen[0]] == ["not there"]
