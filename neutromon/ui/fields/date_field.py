"""Date and time fields with shorthand; what was understood stands beside them in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from neutromon.ui.fields.ages import age_words
from neutromon.ui.fields.days import DayWords, Lean, at_clock, is_ambiguous, read_day, read_time
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.labels import TextLabel, as_tooltip, restyle
from neutromon.ui.widgets.layout import column, row
from neutromon.ui.worklist.columns import day_text

Clock = Callable[[], datetime]
DATE_ROOM, TIME_ROOM = "t, t-1, +3, 12 Mar", "00:00 "
MARGINS = 26


def locale_words(locale: QLocale) -> DayWords:
    """Return English names, the locale's names and the window's own, and the order in which the locale writes 3/12."""
    words = DayWords()
    months, weekdays = dict(words.months), dict(words.weekdays)
    shapes = (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat)
    for shape in shapes:
        for number in range(1, 13):
            months[_folded(locale.monthName(number, shape))] = number
            months[_folded(locale.standaloneMonthName(number, shape))] = number
        for number in range(1, 8):
            weekdays[_folded(locale.dayName(number, shape))] = number - 1
    own = tr("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    months.update({_folded(name): number for number, name in enumerate(own, start=1)})
    today = words.today | {tr("today").casefold()}
    form = locale.dateFormat(QLocale.FormatType.ShortFormat)
    return replace(words, months=months, weekdays=weekdays, today=today, month_first=form.lstrip("'").startswith("M"))


def _folded(name: str) -> str:
    return name.casefold().rstrip(".")


def weekday_text(day: date) -> str:
    """Return the short name of a weekday in the window's language."""
    return tr("Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()]


def distance_text(day: date, today: date) -> str:
    """Return how far a day lies from today: "today", "yesterday", "in 3 days", "12 days ago"."""
    days = (day - today).days
    near = {0: tr("today"), 1: tr("tomorrow"), -1: tr("yesterday")}
    if days in near:
        return near[days]
    return tr("in {n} days", n=days) if days > 0 else tr("{n} days ago", n=-days)


class _Readable(QLineEdit):
    """A line of text with a reading; unreadable text is marked and kept."""

    value_changed = Signal()
    room = DATE_ROOM

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMaxLength(30)
        self.textChanged.connect(self._changed)
        self.editingFinished.connect(self._tidy)

    def is_unreadable(self) -> bool:
        """Return whether something stands here that cannot be read."""
        return bool(self.text().strip()) and self._canonical() is None

    def _changed(self, _text: str) -> None:
        invalid = self.is_unreadable() and not self.hasFocus()
        self.mark(invalid)
        self.value_changed.emit()

    def mark(self, invalid: bool) -> None:
        """Show or take away the mark of a text that cannot be read."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            restyle(self)

    def _tidy(self) -> None:
        canonical = self._canonical()
        if canonical is not None and canonical != self.text():
            self.setText(canonical)
        self.mark(self.is_unreadable())

    def _canonical(self) -> str | None:
        return None

    def event(self, event: QEvent) -> bool:
        """Keep room for a date or a time at every text size."""
        if event.type() in {QEvent.Type.Polish, QEvent.Type.FontChange}:
            self.setFixedWidth(self.fontMetrics().horizontalAdvance(self.room) + MARGINS)
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the whole text when the focus comes by Tab, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}:
            self.selectAll()


class DateField(_Readable):
    """A date: t, t-1, +3, a weekday, 2026-03-12, 12 Mar, 12.3.; Up and Down move by a day."""

    def __init__(
        self, clock: Clock, *, name: str = "date", accessible: str = "", lean: Lean = Lean.PAST, parent: QWidget | None = None
    ) -> None:
        self._clock, self._lean = clock, lean
        self._guessed = ""
        super().__init__(name, accessible or tr("Date"), parent)
        self.setPlaceholderText(tr("12 Mar 1960") if lean is Lean.BIRTH else tr("t, t-1, +3, 12 Mar"))
        self.setToolTip(as_tooltip(tr("Dates: t is today, t-1 yesterday, +3 in three days, mon, 2026-03-12, 12 Mar, 12.3.")))

    def day(self) -> date | None:
        """Return the day, or None where nothing or something unreadable stands here."""
        return read_day(self.text(), self._clock().date(), self._lean, locale_words(self.locale())) if self.text().strip() else None

    def is_guess(self) -> bool:
        """Return whether the day was typed so that day and month may have been meant the other way round."""
        return is_ambiguous(self.text()) or (bool(self._guessed) and self.text() == self._guessed)

    def _changed(self, text: str) -> None:
        if text != self._guessed:
            self._guessed = ""
        super()._changed(text)

    def _tidy(self) -> None:
        if is_ambiguous(self.text()):
            self._guessed = self._canonical() or ""
        super()._tidy()

    def set_day(self, day: date | None) -> None:
        """Show a day; None empties the field."""
        self.setText(day_text(day))

    def reading(self) -> str:
        """Return the day in words with its distance; "" where there is none, a sentence where it cannot be read."""
        if not self.text().strip():
            return ""
        day = self.day()
        if day is None:
            return tr("Not a date")
        if self.is_guess():
            return tr("read as {day}: if that is not meant, type the month as a word", day=day_text(day))
        return f"{weekday_text(day)} {day_text(day)} · {distance_text(day, self._clock().date())}"

    def _canonical(self) -> str | None:
        day = self.day()
        return day_text(day) if day else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by a day on Up and Down; today from an empty field."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        day = self.day()
        self.set_day(day + timedelta(days=step) if day else self._clock().date())


class TimeField(_Readable):
    """A time of day: 0840, 8:40, 8, n for now."""

    room = TIME_ROOM

    def __init__(self, clock: Clock, *, name: str = "time", accessible: str = "", parent: QWidget | None = None) -> None:
        self._clock = clock
        super().__init__(name, accessible or tr("Time"), parent)
        self.setPlaceholderText("0840")
        self.setToolTip(as_tooltip(tr("Times: 0840, 8:40, 8 for 08:00, n for now")))

    def moment(self) -> time | None:
        """Return the time of day, or None."""
        return read_time(self.text(), self._clock()) if self.text().strip() else None

    def set_moment(self, moment: time | None) -> None:
        """Show a time of day; None empties the field."""
        self.setText(f"{moment:%H:%M}" if moment else "")

    def _canonical(self) -> str | None:
        moment = self.moment()
        return f"{moment:%H:%M}" if moment else None


class MomentField(QWidget):
    """A date and a time with what was understood below; both are needed for a value."""

    value_changed = Signal()

    def __init__(
        self, clock: Clock, *, name: str = "moment", about: str = "", lean: Lean = Lean.PAST, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock, self._lean = clock, lean
        self.date = DateField(clock, name=f"{name}_date", accessible=tr("{about}: date", about=about), lean=lean)
        self.time = TimeField(clock, name=f"{name}_time", accessible=tr("{about}: time", about=about))
        self.reading = TextLabel("", tone="muted")
        self.reading.setObjectName(f"{name}_reading")
        outer = column(self, spacing=SPACE.tight)
        line = row(spacing=SPACE.small)
        line.addWidget(self.date)
        line.addWidget(self.time)
        line.addWidget(self.reading, 1)
        outer.addLayout(line)
        self.setFocusProxy(self.date)
        for field in (self.date, self.time):
            field.value_changed.connect(self._changed)
        self._changed()

    def value(self) -> datetime | None:
        """Return the time with its offset, or None where a part is missing or unreadable."""
        day, moment = self.date.day(), self.time.moment()
        return at_clock(day, moment, self._clock()) if day is not None and moment is not None else None

    def set_value(self, value: datetime | None) -> None:
        """Show a time in the zone of the clock."""
        local = value.astimezone(self._clock().tzinfo) if value is not None else None
        self.date.set_day(local.date() if local else None)
        self.time.set_moment(local.time() if local else None)

    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not self.date.text().strip() and not self.time.text().strip()

    def problem(self) -> str:
        """Return what is missing or cannot be read; "" for a value and for an empty field."""
        if self.is_empty() or self.value() is not None:
            return ""
        if self.date.day() is None:
            return tr("The date cannot be read. Type it like 12 Mar or t-1.") if self.date.text().strip() else tr("The date is missing.")
        return tr("The time cannot be read. Type it like 0840.") if self.time.text().strip() else tr("The time is missing.")

    def _lack(self) -> str:
        """Return in two words what is wrong, for the narrow room beside the fields."""
        if self.date.is_unreadable():
            return tr("Not a date")
        return tr("Not a time") if self.time.is_unreadable() else ""

    def _changed(self) -> None:
        value = self.value()
        if value is None:
            self.reading.setText(self._lack())
            self.reading.set_tone("muted")
        else:
            now = self._clock()
            ahead = value > now
            away = tr("in the future") if ahead else age_words(now - value)
            guess = self.date.is_guess()
            self.reading.setWordWrap(guess)  # the question is longer than the room beside the fields
            self.reading.setText(self.date.reading() if guess else f"{weekday_text(value.date())} · {away}")
            self.reading.set_tone("hold" if guess or (ahead and self._lean is not Lean.FUTURE) else "muted")
        self.value_changed.emit()
