"""Commands that take results in and give charts out: import, watch, listen, export."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from neutromon.cli.output import print_json, progress, say
from neutromon.cli.words import Commands, Common
from neutromon.models.errors import ExitStatus, UserError

if TYPE_CHECKING:
    from neutromon.models.imports import ImportOptions

FORMATS = ("auto", "hl7", "fhir", "astm", "csv", "xlsx")


def add(commands: Commands, common: Common) -> None:
    """Add `import`, `watch`, `listen` and `export`."""
    import_words = common(commands.add_parser("import", help="import laboratory files or folders"))
    import_words.add_argument("paths", nargs="+", metavar="PATH")
    import_words.set_defaults(run=import_paths)
    watch_words = common(commands.add_parser("watch", help="import what arrives in a drop folder, until stopped"))
    watch_words.add_argument("folder", metavar="DIR")
    watch_words.set_defaults(run=watch)
    listen_words = common(commands.add_parser("listen", help="import what arrives over MLLP on the loopback address, until stopped"))
    listen_words.add_argument("--port", type=int, required=True)
    listen_words.set_defaults(run=listen)
    for words in (import_words, watch_words, listen_words):
        add_decisions(words)
    export_words = common(commands.add_parser("export", help="export one patient or the clinic"))
    export_words.add_argument("mrn", nargs="?", metavar="MRN")
    export_words.add_argument("--all", action="store_true", help="every patient")
    export_words.add_argument("--format", choices=("fhir", "csv", "chart"), default="fhir")
    export_words.add_argument("--pseudonymise", action="store_true", help="for audit: no names, shifted dates, new identifiers")
    export_words.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of standard output")
    export_words.set_defaults(run=export)


def add_decisions(words: argparse.ArgumentParser) -> None:
    """Add the decisions of the person who imports; each is audited."""
    words.add_argument("--format", choices=FORMATS, default="auto")
    words.add_argument("--create-patients", action="store_true", help="create unknown patients whose name and birth date are complete")
    words.add_argument("--accept-names", action="store_true", help="accept the name table's suggestion for a local code")
    words.add_argument("--accept-test", action="store_true", help="accept messages marked as training or debugging")


def import_paths(arguments: argparse.Namespace) -> int:
    """Import files and print what became of every result; status 1 where something waits for a person."""
    from neutromon.cli.opening import session
    from neutromon.services.importing import import_document, import_files

    with session(arguments) as opened:
        report = import_files(opened, [Path(path) for path in arguments.paths], options_of(arguments), progress=progress("files"))
    document = import_document(report)
    if arguments.json:
        print_json(document)
    else:
        from neutromon.cli.reading import import_lines

        say(*import_lines(document))
    return ExitStatus.NEEDS_A_PERSON if report.needs_a_person else ExitStatus.DONE


def options_of(arguments: argparse.Namespace) -> "ImportOptions":
    """Return the import options of the words given."""
    from neutromon.models.imports import ImportOptions

    return ImportOptions(
        format=arguments.format,
        create_patients=arguments.create_patients,
        accept_names=arguments.accept_names,
        accept_test=arguments.accept_test,
    )


def watch(arguments: argparse.Namespace) -> int:
    """Import what arrives in a folder until stopped with Ctrl+C."""
    from neutromon.cli.opening import session
    from neutromon.services.importing.watch import watch_folder

    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder.", "Name the folder into which the laboratory puts its files.")
    with session(arguments) as opened:
        print(f"Watching {folder}; stop with Ctrl+C.", file=sys.stderr)
        watch_folder(opened, folder, options_of(arguments), report=say)
    return ExitStatus.DONE


def listen(arguments: argparse.Namespace) -> int:
    """Import what arrives over MLLP on the loopback address until stopped with Ctrl+C."""
    from neutromon.cli.opening import session
    from neutromon.services.importing.listener import listen_mllp

    with session(arguments) as opened:
        print(f"Listening on 127.0.0.1:{arguments.port}; stop with Ctrl+C.", file=sys.stderr)
        listen_mllp(opened, arguments.port, options_of(arguments), report=say)
    return ExitStatus.DONE


def export(arguments: argparse.Namespace) -> int:
    """Write one patient or the clinic as FHIR, tidy CSV or chart file."""
    if bool(arguments.mrn) == arguments.all:
        raise UserError("Name one patient or say --all.", "For example: neutromon export 4711 --format fhir")
    from neutromon.cli.opening import session
    from neutromon.interop.tidy import columns_csv
    from neutromon.services.exporting import export_text

    with session(arguments) as opened:
        text = export_text(opened, mrn=arguments.mrn, form=arguments.format, pseudonymise=arguments.pseudonymise)
    if not arguments.output:
        sys.stdout.write(text)
        return ExitStatus.DONE
    target = Path(arguments.output)
    try:
        target.write_text(text, encoding="utf-8", newline="")
        if arguments.format == "csv":
            target.with_name(f"{target.stem}.columns.csv").write_text(columns_csv(), encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"{arguments.output} cannot be written: {error.strerror}.", "Choose another place.") from None
    if arguments.json:
        print_json({"written": arguments.output})
    return ExitStatus.DONE
