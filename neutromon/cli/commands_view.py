"""Commands that show what the store holds: chart, worklist, report."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from neutromon.cli.output import print_json, progress, say
from neutromon.cli.words import Commands, Common
from neutromon.models.errors import ExitStatus, UserError
from neutromon.models.worklist import ListName

if TYPE_CHECKING:
    from neutromon.services.session import Session


def add(commands: Commands, common: Common) -> None:
    """Add `chart`, `worklist` and `report`."""
    chart_words = common(commands.add_parser("chart", help="print a patient's chart file"))
    chart_words.add_argument("mrn", metavar="MRN")
    chart_words.set_defaults(run=chart)
    list_words = common(commands.add_parser("worklist", help="print the day's lists"))
    list_words.add_argument("--list", choices=[name.value for name in ListName], help="one list only")
    list_words.set_defaults(run=worklist)
    report_words = common(commands.add_parser("report", help="write one patient's trend PDF, or one for each patient of a list"))
    report_words.add_argument("mrn", nargs="?", metavar="MRN")
    report_words.add_argument("--list", choices=[name.value for name in ListName])
    report_words.add_argument("-o", "--output", required=True, metavar="FILE.pdf|DIR")
    report_words.set_defaults(run=report)


def chart(arguments: argparse.Namespace) -> int:
    """Print the chart file of a patient."""
    from neutromon.cli.opening import session
    from neutromon.interop.chart_file import write_chart
    from neutromon.services.patients import patient_history

    with session(arguments) as opened:
        history = patient_history(opened, patient_id(opened, arguments.mrn))
    print_json(write_chart(history))
    return ExitStatus.DONE


def patient_id(opened: "Session", mrn: str) -> str:
    """Return the id of the patient with this number; raise UserError where there is none."""
    from neutromon.services.patients import patient_by_mrn

    found = patient_by_mrn(opened, mrn)
    if found is None:
        raise UserError(f"No patient has the number {mrn}.", "`neutromon worklist --list all` shows who is in the store.")
    return found


def worklist(arguments: argparse.Namespace) -> int:
    """Print the lists with their alerts."""
    from neutromon.cli.opening import session
    from neutromon.cli.reading import row_document, worklist_lines
    from neutromon.services.evaluations import refresh_alerts
    from neutromon.services.worklists import worklist as rows_of

    names = [ListName(arguments.list)] if arguments.list else list(ListName)
    with session(arguments) as opened:
        refresh_alerts(opened)
        now = opened.clock()
        lists = {name: rows_of(opened, name, limit=100_000) for name in names}
    if arguments.json:
        rows = {name.value: [row_document(row) for row in found] for name, found in lists.items()}
        print_json({"format": "neutromon-worklist/1", "now": now.isoformat(), "lists": rows})
        return ExitStatus.DONE
    for name, found in lists.items():
        say(*worklist_lines(name, found), "")
    return ExitStatus.DONE


def report(arguments: argparse.Namespace) -> int:
    """Write trend PDFs."""
    if bool(arguments.mrn) == bool(arguments.list):
        raise UserError("Name one patient or one list.", "For example: neutromon report 4711 -o trend.pdf")
    from neutromon.cli.opening import session
    from neutromon.report.deliver import list_reports, trend_report

    with session(arguments) as opened:
        if arguments.mrn:
            written = [trend_report(opened, patient_id(opened, arguments.mrn), Path(arguments.output))]
        else:
            written = list_reports(opened, ListName(arguments.list), Path(arguments.output), progress=progress("reports"))
    if arguments.json:
        print_json({"written": [str(path) for path in written]})
    else:
        say(*(str(path) for path in written))
    return ExitStatus.DONE
