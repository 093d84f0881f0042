"""Commands that measure and prove: `bench` (ratios beside a baseline in the same run) and `selftest`."""

import argparse
import subprocess
import sys
from typing import Any

from neutromon.cli.output import print_json, say, table
from neutromon.cli.words import Commands, Common
from neutromon.models.errors import ExitStatus, UserError

SUITES = {
    "rules": "neutromon.services.rules_bench",
    "forecast": "neutromon.forecast.bench",
    "store": "neutromon.services.bench",
    "import": "neutromon.services.importing.bench",
    "report": "neutromon.report.bench",
    "charts": "neutromon.ui.charts.bench",
    "window": "neutromon.ui.bench",
}
FROZEN = "This build cannot measure itself: each figure is taken in a Python of its own, beside libraries that a frozen build has not."
MOST_MESSAGES = 1_000_000
RUNNER = """import importlib, json, sys
figures = importlib.import_module(sys.argv[1]).measurements(**json.loads(sys.argv[2]))
sys.stdout.write(json.dumps(figures))"""


def add(commands: Commands, common: Common) -> None:
    """Add `bench` and `selftest`."""
    bench_words = common(commands.add_parser("bench", help="the benchmark suite"), store=False)
    bench_words.add_argument("suites", nargs="*", metavar="SUITE", help=f"some of: {', '.join(SUITES)} (default: all)")
    bench_words.add_argument("--messages", type=_some, metavar="N", help="how many messages the import suite takes in")
    bench_words.set_defaults(run=bench)
    common(commands.add_parser("selftest", help="prove an installed or frozen build"), store=False).set_defaults(run=selftest)


def _some(text: str) -> int:
    """Return how many, at least one."""
    if not text.isdecimal() or not 0 < int(text) <= MOST_MESSAGES:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_MESSAGES}")
    return int(text)


def bench(arguments: argparse.Namespace) -> int:
    """Run each suite in a process of its own and print every figure beside its baseline."""
    import json

    wanted = arguments.suites or list(SUITES)
    unknown = [name for name in wanted if name not in SUITES]
    if unknown:
        raise UserError(f"There is no suite {', '.join(unknown)}.", f"Choose from {', '.join(SUITES)}.")
    if getattr(sys, "frozen", False):
        raise UserError(FROZEN, "Run `neutromon bench` in an installation from the source.")
    measured: dict[str, list[dict[str, Any]]] = {}
    for name in wanted:
        print(f"measuring {name} …", file=sys.stderr)
        own = json.dumps({"count": arguments.messages} if name == "import" and arguments.messages else {})
        done = subprocess.run([sys.executable, "-c", RUNNER, SUITES[name], own], capture_output=True, text=True, check=False)
        if done.returncode:
            measured[name] = [{"name": f"{name} could not be measured", "error": done.stderr.strip().splitlines()[-1:]}]
        else:
            measured[name] = json.loads(done.stdout)
    if arguments.json:
        print_json({"format": "neutromon-bench/1", "suites": measured})
    else:
        say(*bench_lines(measured))
    failed = any("error" in row for rows in measured.values() for row in rows)
    return ExitStatus.NEEDS_A_PERSON if failed else ExitStatus.DONE


def bench_lines(measured: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return a table: figure, unit, baseline, ratio, goal."""
    rows = []
    for suite, figures in measured.items():
        for figure in figures:
            rows.append([suite, str(figure["name"]), *(shown(figure.get(key)) for key in ("value", "unit", "baseline", "ratio", "goal"))])
    return table(["suite", "what", "value", "unit", "baseline", "ratio", "goal"], rows)


def shown(value: object) -> str:
    """Return a figure with three digits, a word as it is, nothing as a dash."""
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def selftest(arguments: argparse.Namespace) -> int:
    """Prove resources, fonts, store, chart, PDF and forecast of this build in a temporary folder."""
    from neutromon.cli.selftest import checks

    results = [(name, check()) for name, check in checks().items()]
    if arguments.json:
        print_json({"format": "neutromon-selftest/1", "checks": [{"name": name, "problem": problem} for name, problem in results]})
    else:
        say(*(f"{'FAILED' if problem else 'ok    '} {name}{': ' + problem if problem else ''}" for name, problem in results))
    return ExitStatus.NEEDS_A_PERSON if any(problem for _, problem in results) else ExitStatus.DONE
