"""Nothing heavy is imported before the worklist is painted; measured in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "argon2",
    "numpy",
    "pyqtgraph",
    "typst",
    "sqlite_utils",
    "python_calamine",
    "tomllib",
    "html",
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
    "neutromon.cli",
    "neutromon.forecast",
    "neutromon.interop",
    "neutromon.report",
    "neutromon.rules",
    "neutromon.models.alerts",
    "neutromon.models.evaluation",
    "neutromon.models.forecast",
    "neutromon.models.history",
    "neutromon.services.memory",
    "neutromon.services.writing",
    "neutromon.storage.migrations",
    "neutromon.ui.patient",
    "neutromon.ui.place",
    "neutromon.ui.relabel",
    "neutromon.ui.tasks.bar",
)
"""Nothing of these is needed to paint a list: its rows hold their own words."""
CHILD = """
import json, sys
from datetime import datetime, UTC
from pathlib import Path
from neutromon.ui.application import build_application
from neutromon.ui.start.starter import Starter, StartOptions

store, data = Path(sys.argv[1]), Path(sys.argv[2])
now = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
application = build_application(())
starter = Starter(application, StartOptions(practice=True, store=store), lambda: now, data=data)
starter.begin()
starter.window.worklist.table.viewport().repaint()
loaded = sorted(name for name in sys.modules)
rows = starter.window.worklist.model.rowCount()
starter.window.close()
starter.end()
print(json.dumps({"loaded": loaded, "rows": rows}))
"""


def test_that_the_worklist_is_painted_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from neutromon.services.practice.store import build_practice_store

    store = tmp_path / "practice.neutromon"
    build_practice_store(store, datetime(2026, 3, 12, 9, 0, tzinfo=UTC))
    command = [sys.executable, "-c", CHILD, str(store), str(tmp_path / "data")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.strip().splitlines()[-1])
    assert seen["rows"] > 10
    assert [name for name in HEAVY if name in seen["loaded"]] == []
