"""The pinned Qt binding gives back None without losing a reference to it, which would abort the program after a day."""

import os
import subprocess
import sys

CALLS = 1000
CHILD = f"""
import gc, sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
widget, model = QWidget(), QStandardItemModel(1, 1)
index = model.index(0, 0)
gc.collect()
gc.disable()
before = sys.getrefcount(None)
for _ in range({CALLS}):
    widget.parentWidget()
    widget.property("nothing")
    model.data(index)
    QTimer.singleShot(0, widget.update)
print(before - sys.getrefcount(None))
"""


def test_that_a_thousand_calls_that_return_none_lose_no_reference() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True, env=environment, timeout=60)
    assert int(done.stdout) < CALLS // 2
