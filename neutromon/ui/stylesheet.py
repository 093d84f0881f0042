"""Turn a theme into Qt's palette and style sheet; the only place where widgets get their colours."""

from PySide6.QtGui import QColor, QPalette

from neutromon.ui.theme import CONTROL_HEIGHT, RADIUS, Palette, Size, Theme

_SHEET = """
* {{ font-size: {body}px; outline: none; }}
QWidget {{ color: {text}; }}
QMainWindow, QDialog, QWidget#window {{ background: {window}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border_strong}; padding: 5px 8px; }}
QLabel {{ background: transparent; }}
QLabel[step="caption"] {{ font-size: {caption}px; }}
QLabel[step="subtitle"] {{ font-size: {subtitle}px; font-weight: 600; }}
QLabel[step="title"] {{ font-size: {title}px; font-weight: 600; }}
QLabel[step="display"] {{ font-size: {display}px; font-weight: 600; }}
QLabel[tone="muted"] {{ color: {text_muted}; }}
QLabel[tone="faint"] {{ color: {text_faint}; }}
QLabel[tone="error"] {{ color: {error}; }}
QLabel[tone="hold"] {{ color: {hold}; }}
QLabel[tone="meets"] {{ color: {meets}; }}
QLabel[tone="accent"] {{ color: {accent}; }}
QLabel[strong="true"] {{ font-weight: 600; }}
QFrame[role="card"] {{ background: {surface}; border: 1px solid {border}; border-radius: {card_radius}px; }}
QFrame[role="sunken"] {{ background: {sunken}; border: none; border-radius: {radius}px; }}
QFrame[role="bar"] {{ background: {surface}; border: none; border-bottom: 1px solid {border}; }}
QFrame[role="rail"] {{ background: {surface}; border: none; border-right: 1px solid {border}; }}
QFrame[role="error"] {{ background: {error_ground}; border: 1px solid {error}; border-radius: {radius}px; }}
QFrame[role="warn"] {{ background: {warn_ground}; border: 1px solid {hold}; border-radius: {radius}px; }}
QFrame[role="info"] {{ background: {info_ground}; border: 1px solid {border}; border-radius: {radius}px; }}
QFrame[role="practice"], QFrame[role="practice_edge"] {{ background: {practice}; border: none; }}
QFrame[role="practice"] QLabel {{ color: {on_practice}; font-weight: 600; }}
QFrame[role="rule"] {{ background: {border}; border: none; max-height: 1px; min-height: 1px; }}
QPushButton, QToolButton {{ background: {raised}; color: {text}; border: 1px solid {border_strong}; border-radius: {radius}px;
  padding: 0 14px; min-height: {control}px; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; border-color: {accent}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{ background: {selection}; color: {on_selection};
  border-color: {accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {focus}; padding: 0 13px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {text_faint}; background: {sunken}; border-color: {border}; }}
QPushButton[kind="primary"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[kind="primary"]:disabled {{ background: {sunken}; color: {text_faint}; border-color: {border}; }}
QPushButton[kind="danger"] {{ color: {error}; border-color: {error}; }}
QPushButton[kind="danger"]:disabled {{ color: {text_faint}; border-color: {border}; }}
QPushButton[kind="flat"], QToolButton[kind="flat"] {{ background: transparent; border: 1px solid transparent; padding: 0 8px; }}
QPushButton[kind="flat"]:hover, QToolButton[kind="flat"]:hover {{ background: {hover}; border-color: {border}; }}
QPushButton[kind="flat"]:focus, QToolButton[kind="flat"]:focus {{ border: 2px solid {focus}; padding: 0 7px; }}
QPushButton[kind="flat"]:checked {{ background: {selection}; color: {on_selection}; }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: none; width: 0; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QSpinBox, QTimeEdit, QDateTimeEdit {{ background: {surface}; color: {text};
  border: 1px solid {border_strong}; border-radius: {radius}px; padding: 0 9px; selection-background-color: {accent};
  selection-color: {on_accent}; }}
QLineEdit, QComboBox, QDateEdit, QSpinBox, QTimeEdit, QDateTimeEdit {{ min-height: {control}px; }}
QPlainTextEdit, QTextEdit {{ padding: 6px 8px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QTimeEdit:focus,
QDateTimeEdit:focus {{ border: 2px solid {focus}; padding: 0 8px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 5px 7px; }}
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {{ background: {sunken}; color: {text_faint}; border-color: {border}; }}
QLineEdit[invalid="true"] {{ border: 2px solid {error}; padding: 0 8px; }}
QComboBox::drop-down {{ border: none; width: 26px; subcontrol-origin: padding; subcontrol-position: center right; }}
QComboBox::down-arrow {{ image: url({arrow}); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {border_strong}; selection-background-color: {selection};
  selection-color: {on_selection}; outline: none; padding: 4px; }}
QCheckBox, QRadioButton {{ spacing: 9px; min-height: 26px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 17px; height: 17px; border: 1.5px solid {border_strong}; background: {surface}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 10px; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {focus}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; image: url({check}); }}
QRadioButton::indicator:checked {{ background: {accent}; image: url({dot}); }}
QAbstractItemView {{ background: {surface}; color: {text}; border: none; selection-background-color: {selection};
  selection-color: {on_selection}; gridline-color: {border}; alternate-background-color: {sunken}; }}
QDialog QListView, QFrame[role="card"] QListView {{ border: 1px solid {border_strong}; border-radius: {radius}px; padding: 3px; }}
QFrame[role="card"] QListView#administration_list {{ border: none; padding: 0; }}
QListView#quick_find_results {{ background: {raised}; border: 1px solid {border_strong}; border-radius: {radius}px; padding: 4px; }}
QListView::item {{ padding: 5px 8px; border-radius: {radius}px; }}
QListView::item:hover {{ background: {hover}; }}
QListView::item:selected {{ background: {selection}; color: {on_selection}; }}
QTableView {{ border: 1px solid {border}; border-radius: {radius}px; }}
QTableView::item {{ padding: 0 9px; }}
QTableView#flow_table::item {{ padding: 0; }}
QHeaderView {{ background: {surface}; }}
QHeaderView::section {{ background: {surface}; color: {text_muted}; border: none; border-bottom: 1px solid {border}; padding: 7px 12px;
  font-size: {caption}px; font-weight: 600; }}
QHeaderView::section:hover {{ background: {hover}; color: {text}; }}
QTableCornerButton::section {{ background: {surface}; border: none; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {border}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {text_muted}; padding: 8px 14px; border: none; border-bottom: 3px solid transparent; }}
QTabBar::tab:hover {{ color: {text}; background: {hover}; }}
QTabBar::tab:selected {{ color: {text}; font-weight: 600; border-bottom: 3px solid {accent}; }}
QTabBar::tab:focus {{ background: {selection}; }}
QMenu {{ background: {raised}; border: 1px solid {border_strong}; padding: 5px; border-radius: {radius}px; }}
QMenu::item {{ padding: 7px 30px 7px 14px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selection}; color: {on_selection}; }}
QMenu::item:disabled {{ color: {text_faint}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 5px 8px; }}
QMenuBar {{ background: transparent; border: none; }}
QMenuBar::item {{ padding: 8px 10px; background: transparent; border-radius: {radius}px; }}
QMenuBar::item:selected {{ background: {selection}; color: {on_selection}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {border_strong}; border-radius: 4px; min-height: 32px; min-width: 32px; }}
QScrollBar::handle:hover {{ background: {text_faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QSplitter::handle {{ background: {border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QProgressBar {{ background: {sunken}; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 4px; }}
QGroupBox {{ background: transparent; border: 1px solid {border}; border-radius: {radius}px; margin-top: 20px; padding: 10px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 2px; color: {text_muted}; font-weight: 600; }}
QStatusBar {{ background: {surface}; border-top: 1px solid {border}; color: {text_muted}; }}
QStatusBar::item {{ border: none; }}
QCalendarWidget QWidget {{ alternate-background-color: {sunken}; }}
"""


def style_sheet(theme: Theme, icons: str = "") -> str:
    """Return the style sheet of a theme; `icons` is the folder of the small pictures in it (may be empty)."""
    names = {name: getattr(theme.palette, name) for name in Palette.__slots__ if isinstance(getattr(theme.palette, name), str)}
    sizes = {size.value: theme.px(size) for size in Size}
    folder = icons.replace("\\", "/")
    shade = "dark" if theme.palette.is_dark else "light"
    pictures = {name: f"{folder}/{name}-{shade}.svg" if folder else "none" for name in ("arrow", "check", "dot")}
    control = round((CONTROL_HEIGHT - 2) * max(1.0, theme.scale))
    return _SHEET.format(**names, **sizes, **pictures, radius=RADIUS, card_radius=RADIUS + 2, control=control)


def qt_palette(palette: Palette) -> QPalette:
    """Return Qt's palette, for whatever the style sheet does not reach."""
    roles = {
        QPalette.ColorRole.Window: palette.window,
        QPalette.ColorRole.WindowText: palette.text,
        QPalette.ColorRole.Base: palette.surface,
        QPalette.ColorRole.AlternateBase: palette.sunken,
        QPalette.ColorRole.Text: palette.text,
        QPalette.ColorRole.Button: palette.raised,
        QPalette.ColorRole.ButtonText: palette.text,
        QPalette.ColorRole.BrightText: palette.error,
        QPalette.ColorRole.ToolTipBase: palette.raised,
        QPalette.ColorRole.ToolTipText: palette.text,
        QPalette.ColorRole.Highlight: palette.selection,
        QPalette.ColorRole.HighlightedText: palette.on_selection,
        QPalette.ColorRole.Link: palette.accent,
        QPalette.ColorRole.PlaceholderText: palette.text_faint,
        QPalette.ColorRole.Mid: palette.border,
    }
    built = QPalette()
    for role, colour in roles.items():
        built.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        built.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.text_faint))
    return built
