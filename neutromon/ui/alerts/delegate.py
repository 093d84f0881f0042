"""Paint a row of the alert list: tier, patient and what, how long open, owner and due; colour always beside shape and word."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from neutromon.models.alerts import AlertState
from neutromon.models.evaluation import Tier
from neutromon.services.alerts import AlertRow
from neutromon.ui.alerts.model import AlertModel, Heading
from neutromon.ui.alerts.words import due_text, first_line, open_text, owner_text, state_word
from neutromon.ui.as_of import as_of
from neutromon.ui.count_unit import other_unit_values
from neutromon.ui.fonts import window_font
from neutromon.ui.text import isolated, tier_word, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.marks import Mark, draw_mark, draw_tier

TIER_SHARE, OPEN_SHARE, OWNER_SHARE = 0.13, 0.17, 0.16
NARROW = 38
"""Below so many heights of the small text a row is painted in lines instead of columns."""


class AlertDelegate(QStyledItemDelegate):
    """Paints headings and alerts with the colours of a theme."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take fonts and colours of a theme."""
        self._theme = theme
        self._body, self._strong, self._small = (window_font(theme.px(size)) for size in (Size.BODY, Size.BODY, Size.CAPTION))
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._tall, self._low = QFontMetrics(self._strong).height(), QFontMetrics(self._small).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height of a heading or of a row of two lines."""
        if isinstance(index.data(Qt.ItemDataRole.UserRole), Heading):
            return QSize(80, self._tall + SPACE.large)
        return QSize(80, self._tall + self._low * (2 if self._is_narrow(self._room()) else 1) + SPACE.large)

    def _room(self) -> float:
        view = self.parent()
        return float(view.viewport().width()) if isinstance(view, QAbstractScrollArea) else NARROW * self._low

    def _is_narrow(self, width: float) -> bool:
        """Return whether the columns have no room side by side, as with a large text on a small screen."""
        return width < NARROW * self._low

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Paint one row."""
        model, item = index.model(), index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(model, AlertModel):
            return
        painter.save()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        if isinstance(item, Heading):
            self._heading(painter, rect, item, rtl)
        else:
            self._ground(painter, rect, state)
            self._alert(painter, QRectF(rect.adjusted(SPACE.medium, 0, -SPACE.medium, 0)), item, model, rtl)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, heading: Heading, rtl: bool) -> None:
        palette = self._theme.palette
        painter.fillRect(rect, QColor(palette.sunken))
        box = QRectF(rect.adjusted(SPACE.medium, 0, -SPACE.medium, 0))
        self._text(painter, box, heading.text, self._strong, palette.hold if heading.warns else palette.text_muted, rtl)

    def _ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        palette = self._theme.palette
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(palette.hover))
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _alert(self, painter: QPainter, box: QRectF, row: AlertRow, model: AlertModel, rtl: bool) -> None:
        alert, now = row.alert, model.now or row.alert.raised_at
        palette, style = self._theme.palette, self._theme.tier(row.alert.tier)
        if model.checkable:
            box = self._tick(painter, box, model.is_checked(alert.id), rtl)
        if self._is_narrow(self._room()):
            self._narrow(painter, box, row, model, rtl)
            return
        tier_box, what_box, open_box, owner_box = self._columns(box, rtl)
        beside = self._shape(painter, tier_box, alert.tier, rtl)
        self._text(painter, beside, tier_word(alert.tier), self._strong, style.text, rtl)
        self._what(painter, what_box, row, head_text(row, model), rtl)
        unseen = alert.state in {AlertState.RAISED, AlertState.NEEDS_REVIEW} and alert.tier <= Tier.URGENT
        since = tr("open {time}", time=open_text(alert, now))
        self._lines(painter, open_box, (since, palette.text), (state_word(alert), _ink(palette, unseen)), rtl)
        alone = not alert.owner and alert.tier <= Tier.URGENT
        due = due_text(alert, now)
        owner_ink = palette.hold if alone else palette.text
        self._lines(painter, owner_box, (owner_text(alert), owner_ink), (due, palette.text_muted), rtl, strong=alone)

    def _narrow(self, painter: QPainter, box: QRectF, row: AlertRow, model: AlertModel, rtl: bool) -> None:
        """Paint three lines instead of four columns: tier, time and owner; who; what."""
        palette, alert, now = self._theme.palette, row.alert, model.now or row.alert.raised_at
        top = box.top() + (box.height() - self._tall - 2 * self._low) / 2
        first = QRectF(box.left(), top, box.width(), self._tall)
        beside = self._shape(painter, first, alert.tier, rtl)
        said = " · ".join((tier_word(alert.tier), tr("open {time}", time=open_text(alert, now)), owner_text(alert)))
        self._text(painter, beside, said, self._strong, self._theme.tier(alert.tier).text, rtl)
        who = " · ".join(part for part in (isolated(row.patient_name), *whose_parts(row)) if part)
        place = QRectF(box.left(), first.bottom(), box.width(), self._low)
        self._text(painter, place, who, self._small, palette.text, rtl)
        self._text(painter, place.translated(0, self._low), with_pathway(head_text(row, model), row), self._small, palette.text_muted, rtl)

    def _what(self, painter: QPainter, box: QRectF, row: AlertRow, head: str, rtl: bool) -> None:
        """Paint name, number and cycle day over a running pathway and what is the matter; only the name and the end are cut."""
        palette = self._theme.palette
        place = "".join(f" · {part}" for part in whose_parts(row))
        metrics = QFontMetrics(self._strong)
        room = max(40, int(box.width()) - metrics.horizontalAdvance(place))
        name = metrics.elidedText(row.patient_name, Qt.TextElideMode.ElideRight, room)
        self._lines(painter, box, (isolated(name) + place, palette.text), (with_pathway(head, row), palette.text), rtl)

    def _columns(self, box: QRectF, rtl: bool) -> tuple[QRectF, QRectF, QRectF, QRectF]:
        gap = float(SPACE.medium)
        low = [self._low * share for share in (7.5, 7.0, 6.6)]
        shares = [box.width() * share for share in (TIER_SHARE, OPEN_SHARE, OWNER_SHARE)]
        tier, opened, owner = (max(pair) for pair in zip(low, shares, strict=True))
        widths = [tier, 0.0, opened, owner]
        widths[1] = max(60.0, box.width() - sum(widths) - 3 * gap)
        found, left = [], box.left()
        for width in widths:
            found.append(QRectF(left, box.top(), width, box.height()))
            left += width + gap
        if rtl:
            found = [QRectF(box.left() + box.right() - part.right(), part.top(), part.width(), part.height()) for part in found]
        return found[0], found[1], found[2], found[3]

    def _tick(self, painter: QPainter, box: QRectF, checked: bool, rtl: bool) -> QRectF:
        palette, side = self._theme.palette, 17.0
        left = box.right() - side if rtl else box.left()
        square = QRectF(left, box.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.accent if checked else palette.border_strong), 1.5))
        painter.setBrush(QBrush(QColor(palette.accent if checked else palette.surface)))
        painter.drawRoundedRect(square, 4, 4)
        if checked:
            draw_mark(painter, square.adjusted(3, 3, -3, -3), Mark.CHECK, palette.on_accent)
        shift = side + SPACE.medium
        return box.adjusted(0, 0, -shift, 0) if rtl else box.adjusted(shift, 0, 0, 0)

    def _shape(self, painter: QPainter, box: QRectF, tier: Tier, rtl: bool) -> QRectF:
        size = float(self._theme.px(Size.BODY))
        left = box.right() - size if rtl else box.left()
        draw_tier(painter, QRectF(left, box.center().y() - size / 2, size, size), tier, self._theme.tier(tier))
        shift = size + SPACE.small
        return box.adjusted(0, 0, -shift, 0) if rtl else box.adjusted(shift, 0, 0, 0)

    def _lines(
        self, painter: QPainter, box: QRectF, first: tuple[str, str], second: tuple[str, str], rtl: bool, *, strong: bool = True
    ) -> None:
        top = box.top() + (box.height() - self._tall - self._low) / 2
        font = self._strong if strong else self._body
        self._text(painter, QRectF(box.left(), top, box.width(), self._tall), first[0], font, first[1], rtl)
        self._text(painter, QRectF(box.left(), top + self._tall, box.width(), self._low), second[0], self._small, second[1], rtl)

    def _text(self, painter: QPainter, box: QRectF, text: str, font: QFont, colour: str, rtl: bool) -> None:
        align = Qt.AlignmentFlag.AlignAbsolute | (Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, shown)


def with_pathway(pathway: str, row: AlertRow) -> str:
    """Return what is the matter, behind the clock of a running pathway, which is never cut."""
    return " · ".join(part for part in (pathway, first_line(row.alert.text)) if part)


def head_text(row: AlertRow, model: AlertModel) -> str:
    """Return what is never cut before an alert's words: the clock of a running pathway, and from when the words are."""
    when = as_of(row.alert.text, row.alert.text_at, model.now or row.alert.raised_at)
    return " · ".join(part for part in (model.pathway_of(row), when) if part)


def whose_parts(row: AlertRow) -> tuple[str, ...]:
    """Return number, cycle day and what the alert's counts are in the unit that is shown elsewhere; its own words stay."""
    return tuple(part for part in (row.mrn, row.cycle_text, other_unit_values(first_line(row.alert.text))) if part)


def _ink(palette: object, warns: bool) -> str:
    return str(getattr(palette, "hold" if warns else "text_muted"))
