"""Commands that need no store: evaluate a chart file, forecast from one, fit a reference case."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from neutromon.cli.clock import clock
from neutromon.cli.output import print_json, say
from neutromon.cli.words import Commands, Common
from neutromon.models.errors import ExitStatus, UserError

LARGEST_INPUT = 64 * 1024 * 1024


def add(commands: Commands, common: Common) -> None:
    """Add `evaluate`, `forecast` and `fit`."""
    evaluate_words = common(commands.add_parser("evaluate", help="evaluate a chart file and print the evaluation"), store=False)
    evaluate_words.add_argument("chart", metavar="CHART.json")
    evaluate_words.set_defaults(run=evaluate)
    forecast_words = common(commands.add_parser("forecast", help="forecast nadir and recovery from a chart file or the store"))
    forecast_words.add_argument("chart", metavar="CHART.json", nargs="?")
    forecast_words.add_argument("--mrn", help="a patient of the store instead of a file")
    forecast_words.set_defaults(run=forecast)
    fit_words = common(commands.add_parser("fit", help="estimate one fully stated reference case"), store=False)
    fit_words.add_argument("case", metavar="CASE.json")
    fit_words.set_defaults(run=fit)


def evaluate(arguments: argparse.Namespace) -> int:
    """Print the evaluation of a chart file."""
    from neutromon.interop.chart_file import read_chart
    from neutromon.interop.evaluation_file import evaluation_document
    from neutromon.rules import evaluate as evaluate_history
    from neutromon.services.rule_book import load_book

    history = read_chart(text_of(arguments.chart))
    evaluation = evaluate_history(history, load_book(), clock(arguments.now)())
    document = evaluation_document(evaluation)
    if arguments.json:
        print_json(document)
        return ExitStatus.DONE
    from neutromon.cli.reading import evaluation_lines

    say(*evaluation_lines(evaluation))
    return ExitStatus.DONE


def forecast(arguments: argparse.Namespace) -> int:
    """Print the forecast of a chart file, or of a patient of the store."""
    if bool(arguments.chart) == bool(arguments.mrn):
        raise UserError("Give a chart file or --mrn, not both.", "For example: neutromon forecast --mrn 4711")
    from neutromon.services.forecasts import forecast_file_document, forecast_mrn_document

    if arguments.mrn:
        from neutromon.cli.opening import session

        with session(arguments) as opened:
            document = forecast_mrn_document(opened, arguments.mrn)
    else:
        document = forecast_file_document(text_of(arguments.chart), clock(arguments.now)())
    if arguments.json:
        print_json(document)
    else:
        from neutromon.cli.reading import forecast_lines

        say(*forecast_lines(document))
    return ExitStatus.DONE


def fit(arguments: argparse.Namespace) -> int:
    """Print the estimate of a reference case; exit status 1 where the estimation did not converge."""
    from neutromon.forecast.reference_case import CaseError, fit_case

    document = json_of(arguments.case)
    started = time.perf_counter()
    try:
        result = fit_case(document)
    except CaseError as error:
        raise UserError(f"{arguments.case}: {error}.", "Section 5 of the contract describes the file.") from None
    result["elapsed_ms"] = (time.perf_counter() - started) * 1000.0
    print_json(result)
    return ExitStatus.DONE if result["converged"] else ExitStatus.NEEDS_A_PERSON


def json_of(path: str) -> Any:
    """Return the JSON document of a file; raise UserError where there is none."""
    try:
        return json.loads(text_of(path), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is not JSON: {str(error)[:120]}.", "Check that the file is complete.") from None


def refuse_constant(name: str) -> None:
    """Refuse NaN and infinities, which JSON does not have."""
    raise ValueError(f"{name} is no number")


def text_of(path: str) -> str:
    """Return a file's text; raise UserError where it cannot be read."""
    try:
        if Path(path).stat().st_size > LARGEST_INPUT:
            raise UserError(f"{path} is larger than {LARGEST_INPUT // 1024 // 1024} MB.", "No chart or case is that large; check the file.")
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or 'input error'}.", "Check the name and your rights.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 text.", "Save it as UTF-8 and try again.") from None
