"""Keep the window's catalogues whole: `--check` fails on missing, unused or damaged sentences, `--tidy` sorts them."""

import argparse
import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "neutromon" / "ui"
CATALOGUES = ROOT / "resources" / "translations"
LANGUAGES = ("de", "tr")
RULES = ROOT / "resources" / "rules"
TOLD = {
    "triage.toml": (("masking",), ("assessment",), ("flag", "text"), ("override", "text")),
    "causes.toml": (("class", "name"), ("class", "members"), ("step", "trigger"), ("step", "ask")),
    "gcsf-products.toml": (("caution", "text"), ("product", "dose"), ("product", "start")),
}
TOLD_BY_CODE = {
    "neutromon/rules/triage.py": ("With few neutrophils there may be no pain, pus or redness: an absent sign is no reassurance.",),
}
TABLE = "SPOKEN"
FIELD = re.compile(r"\{(\w+)")
KEYS = re.compile(r"\b(?:Ctrl|Shift|Alt)\+\w+|\bF\d+\b|\bEsc\b|(?<=\W)Enter\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
LISTED = ("Jan Feb ", "Mon Tue ")
SHOWN_FAULTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One call of tr(): what it says, where it stands, and the values that it is given (None where they cannot be told)."""

    text: str
    place: str
    values: frozenset[str] | None


class NotLiteralError(ValueError):
    """A call of tr() whose sentence is no literal, so that nobody can translate it."""


def calls(source: str, place: str) -> Iterator[Sentence]:
    """Give every call of tr() in a module and its table SPOKEN; raise NotLiteralError where a sentence is not written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [TABLE]:
            yield from (Sentence(text=text, place=f"{place}:{node.lineno}", values=None) for text in ast.literal_eval(node.value))
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"):
            continue
        first = node.args[0] if node.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            raise NotLiteralError(f"{place}:{node.lineno}: tr() needs a sentence written out, so that it can be translated")
        names = [word.arg for word in node.keywords]
        known = None if None in names else frozenset(name for name in names if name)
        yield Sentence(text=first.value, place=f"{place}:{node.lineno}", values=known)


def read_sources(folder: Path = SOURCES) -> tuple[list[Sentence], list[str]]:
    """Return every sentence of the window, and what is wrong in the modules themselves."""
    found: list[Sentence] = []
    wrong: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        try:
            found += calls(path.read_text(encoding="utf-8"), path.relative_to(folder.parent).as_posix())
        except NotLiteralError as problem:
            wrong.append(str(problem))
    return found, wrong + list(unfilled(found))


def read_rules(folder: Path = RULES) -> list[Sentence]:
    """Return the sentences of the rule files that the window tells through told(), and the few that rules write themselves."""
    found = [
        Sentence(text=text, place=name, values=frozenset())
        for name, paths in TOLD.items()
        for path in paths
        for text in texts_at(tomllib.loads((folder / name).read_text(encoding="utf-8")), path)
    ]
    for name, texts in TOLD_BY_CODE.items():
        written = (ROOT / name).read_text(encoding="utf-8")
        found += [Sentence(text=text, place=name, values=frozenset()) for text in texts if text in written]
    return found


def texts_at(value: object, path: tuple[str, ...]) -> Iterator[str]:
    """Give the texts at a path of keys; a list on the way means each of its members."""
    if isinstance(value, list):
        for one in value:
            yield from texts_at(one, path)
    elif path and isinstance(value, dict):
        yield from texts_at(value.get(path[0], []), path[1:])
    elif isinstance(value, str):
        yield value


def unfilled(sentences: Iterable[Sentence]) -> Iterator[str]:
    """Give the calls of tr() whose `{name}` and values do not belong together."""
    for one in sentences:
        fields = frozenset(FIELD.findall(one.text))
        if one.values is not None and one.values != fields:
            yield f"{one.place}: {one.text!r} is given {sorted(one.values)}"


def catalogue(language: str, folder: Path = CATALOGUES) -> dict[str, str]:
    """Return a language's sentences; a key that stands twice is refused."""

    def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise ValueError(f"{language}.json says a sentence twice")
        return made

    path = folder / f"{language}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once) if path.exists() else {}
    return found


def faults(language: str, wanted: Iterable[Sentence], known: Mapping[str, str]) -> Iterator[str]:
    """Give what is wrong with a catalogue, a line each."""
    places: dict[str, str] = {}
    for one in wanted:
        places.setdefault(one.text, one.place)
    for text, place in places.items():
        said = known.get(text, "")
        if not said.strip():
            yield f"{language}: missing {text!r} ({place})"
        else:
            yield from (f"{language}: {fault} in {text!r}: {said!r}" for fault in lost(text, said))
    for text in sorted(known.keys() - places.keys()):
        yield f"{language}: unused {text!r}"


def lost(text: str, said: str) -> Iterator[str]:
    """Name what a translation does not keep: its values, its numbers, its keys, its spaces, the number of listed names."""
    if sorted(FIELD.findall(text)) != sorted(FIELD.findall(said)) or said.count("{") != said.count("}"):
        yield "other values"
    if sorted(NUMBER.findall(text)) != sorted(NUMBER.findall(said)):
        yield "other numbers"
    if sorted(KEYS.findall(text)) != sorted(KEYS.findall(said)):
        yield "other keys"
    if [text[:1].isspace(), text[-1:].isspace()] != [said[:1].isspace(), said[-1:].isspace()]:
        yield "other spaces at the ends"
    if text.startswith(LISTED) and len(text.split()) != len(said.split()):
        yield "another number of names"


def tidy(language: str, wanted: Iterable[Sentence], folder: Path = CATALOGUES) -> None:
    """Write a catalogue again: sorted, without unused sentences, missing ones left empty."""
    known = catalogue(language, folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({key: known.get(key, "") for key in sorted({one.text for one in wanted})}, ensure_ascii=False, indent=1)
    (folder / f"{language}.json").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Return 0 where nothing is wrong."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--check", action="store_true", help="fail on anything missing, unused or lost")
    words.add_argument("--tidy", action="store_true", help="sort, drop unused, add missing sentences as empty")
    words.add_argument("--missing", metavar="LANGUAGE", help="print the untranslated sentences as JSON")
    chosen = words.parse_args()
    wanted, wrong = read_sources()
    wanted += read_rules()
    if chosen.tidy:
        for language in LANGUAGES:
            tidy(language, wanted)
    if chosen.missing:
        known = catalogue(chosen.missing)
        print(json.dumps(sorted({one.text for one in wanted if not known.get(one.text, "").strip()}), ensure_ascii=False, indent=1))
    if not chosen.check:
        return 0
    found = wrong + [fault for language in LANGUAGES for fault in faults(language, wanted, catalogue(language))]
    print("\n".join(found[:SHOWN_FAULTS]) or f"{len({one.text for one in wanted})} sentences in {len(LANGUAGES)} languages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
