"""Rule files are read strictly: what is wrong is refused with file and line."""

from collections.abc import Callable

import pytest

from neutromon.rules import RuleError, load_rules
from neutromon.rules.lines import line_index, line_of
from neutromon.storage.files import rule_texts

TEXTS = rule_texts()


def refused(name: str, change: Callable[[str], str]) -> str:
    """Return the refusal of the rule folder with one file changed."""
    changed = change(TEXTS[name])
    assert changed != TEXTS[name]
    with pytest.raises(RuleError) as caught:
        load_rules({**TEXTS, name: changed})
    return caught.value.message


def line_with(text: str, part: str, nth: int = 1) -> int:
    """Return the number of the nth line that holds the part."""
    return [number for number, line in enumerate(text.splitlines(), 1) if part in line][nth - 1]


def swap(old: str, new: str, times: int = 1) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, times)


def test_that_the_shipped_rules_load() -> None:
    book = load_rules({**TEXTS, "notes.md": "passed over", "x.cases.toml": "passed over"})
    assert len(book.regimens) == 84
    assert {regimen.number for regimen in book.regimens.values()} == {f"R{number:02d}" for number in range(1, 81)}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_that_an_unknown_key_is_refused_with_its_line(name: str) -> None:
    message = refused(name, lambda text: text.replace('misuse = "', 'suprise = 1\nmisuse = "', 1))
    line = line_with(TEXTS[name], 'misuse = "')
    assert message.startswith(f"{name}, line {line}: suprise is not known")


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize("key", ["source", "use", "misuse", "review", "version", "title"])
def test_that_a_head_without_one_of_its_lines_is_refused(name: str, key: str) -> None:
    message = refused(name, lambda text: text.replace(f'\n{key} = "', f'\nx_{key} = "', 1))
    assert message.startswith(f"{name}, line ") and f"{key} is missing" in message


@pytest.mark.parametrize(
    ("name", "old", "new", "part", "nth", "says"),
    [
        ("ctcae-5.0.toml", 'lt = "1.0" }, { grade = 2', 'lt = "0.4" }, { grade = 2', "bounds =", 1, "gap or overlaps"),
        ("ctcae-5.0.toml", '{ grade = 3, lt = "1.0" }, ', "", "bounds =", 1, "gap or overlaps"),
        ("ctcae-5.0.toml", ', { grade = 1, lt = "LLN" }]', "]", "bounds =", 1, "do not reach grade 1"),
        ("ctcae-5.0.toml", 'unit = "10*9/L"\nbounds', 'unit = "g/dL"\nbounds', 'unit = "', 2, "is no unit for neutrophils"),
        ("ctcae-5.0.toml", 'quantity = "wbc"', 'quantity = "neutrophils"', 'quantity = "', 2, "stands twice"),
        ("ctcae-5.0.toml", 'profound_below = { op = "lt"', 'profound_below = { op = "below"', "profound_below", 1, "is no comparator"),
        (
            "ctcae-5.0.toml",
            'profound_below = { op = "lt", value = "0.1"',
            'profound_below = { op = "lt", value = "NaN"',
            "profound_below",
            1,
            "finite",
        ),
        (
            "ctcae-5.0.toml",
            'profound_below = { op = "lt", value = "0.1"',
            'profound_below = { op = "lt", value = "few"',
            "profound_below",
            1,
            "decimal",
        ),
        ("ctcae-5.0.toml", 'review = "confirmed in public sources"', 'review = "fine"', "review", 1, "is no review status"),
        ("fn-idsa-2010.toml", 'unit = "10*9/L"', 'unit = "/uL"', "bound =", 1, "must be '10*9/L'"),
        ("fn-idsa-2010.toml", 'value = "38.0", unit = "Cel"', 'value = "38.0", unit = "degF"', "sustained", 1, "must be 'Cel'"),
        ("fn-idsa-2010.toml", 'minutes_op = "ge"', 'minutes_op = "about"', "sustained", 1, "is no comparator"),
        ("fn-idsa-2010.toml", "minutes = 60", 'minutes = "60"', "sustained", 1, "whole number"),
        ("fn-idsa-2010.toml", "expected_fall = true", 'expected_fall = "yes"', "expected_fall", 1, "true or false"),
        (
            "gcsf-nccn.toml",
            'intermediate = { op = "ge", value = "10"',
            'intermediate = { op = "ge", value = "20"',
            "intermediate",
            1,
            "gap or overlaps",
        ),
        ("gcsf-nccn.toml", "factors = [", "factors = [1, ", "factors = [", 1, "list of texts"),
        ("gcsf-products.toml", 'id = "lenograstim"', 'id = "filgrastim"', "id =", 4, "stands twice"),
        ("day1.toml", 'id = "OT-DOC"', 'id = "OT-GEN"', "id =", 3, "stands twice"),
        ("day1.toml", "reduced_percent = 75\n", "\n", "[[rule]]", 4, "must stand together"),
        ("day1.toml", 'full_anc = { op = "ge", value = "1.5"', 'full_anc = { op = "ge", value = "0.9"', "full_anc", 1, "gap or overlaps"),
        (
            "day1.toml",
            'anc = { op = "ge", value = "1.5", unit = "10*9/L"',
            'anc = { op = "ge", value = "1.5", unit = "g/dL"',
            "anc =",
            1,
            "must be '10*9/L'",
        ),
        ("regimens.toml", 'category = "high"', 'category = "quite high"', 'category = "high"', 1, "is no category"),
        ("regimens.toml", 'id = "ddAC-T"', 'id = "AC"', "id =", 3, "stands twice"),
        ("regimens.toml", "nadir_window = [10, 14]", "nadir_window = [14, 10]", "nadir_window", 1, "in order"),
        ("regimens.toml", "cycle_days = 21", 'cycle_days = "21"', "cycle_days", 1, "whole number"),
        (
            "plausibility.toml",
            'wbc_warn = { op = "gt", value = "100"',
            'wbc_warn = { op = "gt", value = "600"',
            "wbc_block",
            1,
            "gap or overlap",
        ),
        ("findings.toml", 'grade4 = { op = "lt", value = "0.5"', 'grade4 = { op = "lt", value = "1.5"', "grade3", 1, "gap or overlap"),
        ("findings.toml", '"fever.only" = 2', '"fever.never" = 2', "[tier]", 1, "fever.only is missing"),
        ("findings.toml", "protracted_days = 7", "protracted_days = true", "protracted_days", 1, "whole number"),
        ("depth.toml", 'value = "0.2"', 'value = "0.05"', 'value = "0.2"', 1, "gap or overlap"),
        ("clozapine.toml", 'label = "mild"', 'label = " "', 'label = "mild"', 1, "must be a text"),
        ("clozapine.toml", "[[band]]", "[band]\n[[bands]]", "[[band]]", 1, ""),
        ("causes.toml", 'id = "lgl"', 'id = "lgl"\nsurprise = 1', 'id = "lgl"', 1, "surprise is not known"),
        ("scores.toml", "[cisne]", "[cisne]\nluck = 1", "[cisne]", 1, "luck is not known"),
    ],
)
def test_that_a_wrong_rule_file_is_refused_where_it_is_wrong(name: str, old: str, new: str, part: str, nth: int, says: str) -> None:
    message = refused(name, swap(old, new))
    assert message.startswith(f"{name}")
    assert says in message
    if "surprise" in new or "luck" in new:
        assert f"line {line_with(TEXTS[name], part, nth) + 1}:" in message
    elif says:
        assert f"line {line_with(TEXTS[name], part, nth)}:" in message


def test_that_a_definition_without_a_temperature_is_refused() -> None:
    text = TEXTS["fn-nice-cg151.toml"]
    single = next(line for line in text.splitlines() if line.startswith("single"))
    assert "names no temperature" in refused("fn-nice-cg151.toml", swap(single, ""))


def test_that_a_table_and_a_list_of_tables_must_be_what_they_are() -> None:
    text = TEXTS["fn-nice-cg151.toml"]
    table = text[text.index("[anc]") : text.index("[fever]")]
    assert "anc must be a table" in refused(
        "fn-nice-cg151.toml", lambda own: own.replace(table, "").replace("\n[fever]", "\nanc = 1\n[fever]")
    )
    bounds = next(line for line in TEXTS["ctcae-5.0.toml"].splitlines() if line.startswith("bounds"))
    assert "bounds must be a list of tables" in refused("ctcae-5.0.toml", swap(bounds, "bounds = []"))


def test_that_advice_in_febrile_neutropenia_needs_its_age() -> None:
    line = next(line for line in TEXTS["gcsf-nccn.toml"].splitlines() if line.startswith("therapeutic_age"))
    assert "therapeutic_age is missing" in refused("gcsf-nccn.toml", swap(line, ""))


def test_that_a_file_that_is_no_toml_is_refused() -> None:
    assert "line" in refused("depth.toml", lambda text: text + "\n[[[")


def test_that_a_kind_nobody_reads_is_refused() -> None:
    assert "'colours' is not known" in refused("depth.toml", swap('kind = "depth"', 'kind = "colours"'))


def test_that_two_files_of_one_id_are_refused() -> None:
    with pytest.raises(RuleError, match="stands in two files"):
        load_rules({**TEXTS, "fn-twin.toml": TEXTS["fn-idsa-2010.toml"]})


def test_that_a_missing_kind_is_refused() -> None:
    with pytest.raises(RuleError, match="one rule file of the kind depth, not 0"):
        load_rules({name: text for name, text in TEXTS.items() if name != "depth.toml"})


@pytest.mark.parametrize("key", ["day1_rule", "later_day_rule"])
def test_that_a_regimen_names_a_day_1_rule_that_is_there(key: str) -> None:
    old = next(line for line in TEXTS["regimens.toml"].splitlines() if line.startswith(key))
    assert "which is not there" in refused("regimens.toml", swap(old, f'{key} = "OT-NONE"'))


def test_that_the_line_of_a_key_is_found_through_tables_lists_and_inline_tables() -> None:
    index = line_index('a = 1\n[t]\nb = 2\n[[row]]\nid = "x"\n[[row]]\nfn."nccn" = { category = "high" }\n')
    assert [line_of(index, path) for path in ("a", "t.b", "row[1].fn.nccn.category", "row[0].missing", "row[7]", "none")] == [
        1,
        3,
        7,
        4,
        1,
        1,
    ]


def test_that_every_file_says_whether_it_needs_clinical_sign_off() -> None:
    book = load_rules(TEXTS)
    assert {head.review for head in book.files} == {"needs clinical sign-off", "confirmed in public sources"}
    assert all(len(head.sha256) == 64 and head.source and head.use and head.misuse for head in book.files)
