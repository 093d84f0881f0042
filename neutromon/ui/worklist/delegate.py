"""Paint a worklist row: two lines a cell, sparkline, tier shape, day-1 sign and decision; everything as text beside its colour."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from neutromon.models.worklist import DayOneState, WorklistRow
from neutromon.ui.count_unit import shown_counts
from neutromon.ui.fonts import window_font
from neutromon.ui.spoken import spoken
from neutromon.ui.text import isolated, tier_word, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.marks import Mark, draw_mark, draw_tier
from neutromon.ui.worklist.columns import (
    Column,
    cell_text,
    check_word,
    count_age,
    cycle_text,
    day_text,
    deferred_text,
    due_text,
    limit_text,
    newest_text,
)
from neutromon.ui.worklist.model import WorklistModel
from neutromon.ui.worklist.spark import draw_spark

MARKS = {
    DayOneState.MEETS: (Mark.CHECK, "meets"),
    DayOneState.DOES_NOT_MEET: (Mark.CROSS, "hold"),
    DayOneState.COUNT_TOO_OLD: (Mark.CLOCK, "hold"),
    DayOneState.NO_COUNT: (Mark.QUESTION, "hold"),
    DayOneState.CANNOT_TELL: (Mark.QUESTION, "hold"),
    DayOneState.NOT_PLANNED: (Mark.DASH, "text_muted"),
}


class Lit(Enum):
    """How a row stands out."""

    PLAIN = 0
    HOVERED = 1
    SELECTED = 2


class RowDelegate(QStyledItemDelegate):
    """Paints every column of the worklist with the colours of a theme; `lit` says how a row stands out."""

    def __init__(self, theme: Theme, lit: Callable[[int], Lit], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lit = lit
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take fonts and colours of a theme."""
        self._theme = theme
        self._body = window_font(theme.px(Size.BODY))
        self._strong = window_font(theme.px(Size.BODY))
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._small = window_font(theme.px(Size.CAPTION))
        self._body_metrics, self._plain_metrics = QFontMetrics(self._strong), QFontMetrics(self._body)
        self._small_metrics = QFontMetrics(self._small)

    def row_height(self) -> int:
        """Return the height of a row: two lines and their air."""
        return self._body_metrics.height() + self._small_metrics.height() + SPACE.medium + SPACE.tight

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height of a row."""
        return QSize(80, self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Paint one cell."""
        model = index.model()
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(model, WorklistModel) or not isinstance(row, WorklistRow):
            return
        painter.save()
        rect: QRect = option.rect
        self._ground(painter, rect, index)
        column = model.columns()[index.column()]
        box = QRectF(rect.adjusted(SPACE.medium, SPACE.tight, -SPACE.small, -SPACE.tight))
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        self._cell(painter, box, column, row, rtl)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """Paint what lies under the text. The list is asked, not the option's flags: their type alone takes 9 ms to make at the start."""
        palette, lit = self._theme.palette, self._lit(index.row())
        if lit is not Lit.PLAIN:  # by fillRect Qt's binding would make the 169 names of its ready gradients
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selection if lit is Lit.SELECTED else palette.hover))
            painter.drawRect(rect)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _cell(self, painter: QPainter, box: QRectF, column: Column, row: WorklistRow, rtl: bool) -> None:
        if column is Column.TREND:
            self._trend(painter, box, row)
        elif column is Column.ALERT:
            self._alert(painter, box, row, rtl)
        elif column is Column.DAY_ONE:
            self._day_one(painter, box, row, rtl)
        else:
            first, second, strong = self._lines(column, row)
            self._two_lines(painter, box, first, second, rtl, strong=strong)

    def _lines(self, column: Column, row: WorklistRow) -> tuple[str, str, bool]:
        if column is Column.PATIENT:
            born = day_text(row.birth_date)
            return isolated(row.name), " · ".join(part for part in (row.mrn, born) if part), True
        if column is Column.CYCLE:
            return cycle_text(row), row.regimen or "", False
        if column is Column.ANC:
            parts = (spoken(row.grade_text), count_age(row), newest_text(row))
            return spoken(shown_counts(row.anc_text)), " · ".join(part for part in parts if part), True
        if column is Column.GCSF:
            product, _, rest = spoken(row.last_gcsf).partition(", ")
            return product, rest, False
        if column is Column.NEXT:
            return day_text(row.next_day1), deferred_text(row), False
        if column is Column.DECISION:
            return cell_text(column, row), "", bool(row.decision)
        if column is Column.OVERDUE:
            first, _, second = due_text(row).partition("; ")
            return first, second, False
        return cell_text(column, row), "", False

    def _trend(self, painter: QPainter, box: QRectF, row: WorklistRow) -> None:
        if row.spark:
            draw_spark(painter, box.adjusted(0, 2, -4, -2), row.spark, self._theme.palette)
        else:
            self._two_lines(painter, box, "", tr("no counts in 90 days"), False)

    def _alert(self, painter: QPainter, box: QRectF, row: WorklistRow, rtl: bool) -> None:
        worst = row.worst_alert
        if worst is None:
            return
        style = self._theme.tier(worst.tier)
        more = f" +{len(row.alerts) - 1}" if len(row.alerts) > 1 else ""
        text_box = self._beside(painter, box, rtl, lambda spot: draw_tier(painter, spot, worst.tier, style))
        owner = worst.owner or tr("no owner")
        self._two_lines(painter, text_box, tier_word(worst.tier) + more, owner, rtl, colour=style.text, strong=True)

    def _day_one(self, painter: QPainter, box: QRectF, row: WorklistRow, rtl: bool) -> None:
        mark, ink = MARKS[row.day1_state]
        colour = getattr(self._theme.palette, ink)
        text_box = self._beside(painter, box, rtl, lambda spot: draw_mark(painter, spot, mark, colour))
        self._two_lines(painter, text_box, check_word(row), limit_text(row), rtl, colour=colour, strong=True)

    def _beside(self, painter: QPainter, box: QRectF, rtl: bool, draw: object) -> QRectF:
        assert callable(draw)
        size = float(self._theme.px(Size.BODY))
        left = box.right() - size if rtl else box.left()
        draw(QRectF(left, box.top() + (self._body_metrics.height() - size) / 2 + 3, size, size))
        shift = size + SPACE.small
        return box.adjusted(0, 0, -shift, 0) if rtl else box.adjusted(shift, 0, 0, 0)

    def _two_lines(
        self, painter: QPainter, box: QRectF, first: str, second: str, rtl: bool, *, colour: str = "", strong: bool = False
    ) -> None:
        palette = self._theme.palette
        align = Qt.AlignmentFlag.AlignAbsolute | (Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        tall, low = self._body_metrics.height(), self._small_metrics.height()
        used = (tall if first else 0) + (low if second else 0)
        top = box.top() + (box.height() - used) / 2
        if first:
            self._line(
                painter,
                QRectF(box.left(), top, box.width(), tall),
                isolated(first) if rtl else first,
                align,
                colour or palette.text,
                strong,
            )
            top += tall
        if second:
            painter.setFont(self._small)
            painter.setPen(QColor(palette.text_muted))
            shown = self._small_metrics.elidedText(isolated(second) if rtl else second, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(QRectF(box.left(), top, box.width(), low), align | Qt.AlignmentFlag.AlignVCenter, shown)

    def _line(self, painter: QPainter, box: QRectF, text: str, align: Qt.AlignmentFlag, colour: str, strong: bool) -> None:
        painter.setFont(self._strong if strong else self._body)
        painter.setPen(QColor(colour))
        metrics = self._body_metrics if strong else self._plain_metrics
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, shown)
