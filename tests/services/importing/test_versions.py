"""The same again changes nothing; corrections replace, withdrawals void, older reports that come late change nothing."""

import itertools

import pytest

from neutromon.models.imports import ImportOptions
from neutromon.services.holding import Resolution, RowDecision, Way, held_sets, resolve_held
from neutromon.services.importing import import_bytes
from neutromon.services.patients import patient_by_mrn, patient_history
from tests.services.importing.messages import a_message

CREATE = ImportOptions(create_patients=True)


def taken_in(clinic, **changes):
    (own,) = import_bytes(clinic, "a.hl7", a_message(**changes), CREATE).sets
    return own.results[0].disposition.value


def sample(clinic):
    (found,) = patient_history(clinic, patient_by_mrn(clinic, "T-0001")).counts
    return found


def at_minute(data: bytes, minute: int) -> bytes:
    return data.replace(b"20260311081500", f"202603110{minute:03d}00".encode())


def test_that_the_same_results_in_another_message_are_duplicates(clinic):
    taken_in(clinic)
    data = at_minute(a_message(), 900).replace(b"|M1|", b"|M2|")
    (own,) = import_bytes(clinic, "b.hl7", data, CREATE).sets
    assert own.outcome == "duplicate"
    assert sample(clinic).superseded == ()


def test_that_a_correction_replaces_and_keeps_the_old_value(clinic):
    taken_in(clinic)
    assert taken_in(clinic, wbc="2.5", status="C") == "corrected"
    assert sample(clinic).values["wbc"].value == "2.5"
    assert [(name, value.value) for name, value, _ in sample(clinic).superseded] == [("wbc", "3.5")]
    assert sample(clinic).status == "corrected"


def test_that_an_older_report_that_comes_again_changes_nothing(clinic):
    taken_in(clinic)
    taken_in(clinic, wbc="2.5", status="C")
    assert taken_in(clinic) == "duplicate"
    assert sample(clinic).values["wbc"].value == "2.5"


def test_that_a_preliminary_result_becomes_final(clinic):
    data = a_message(status="P").replace(b"||||F\r", b"||||P\r")
    import_bytes(clinic, "a.hl7", data, CREATE)
    assert sample(clinic).status == "preliminary"
    taken_in(clinic, wbc="3.4")
    assert (sample(clinic).status, sample(clinic).values["wbc"].value) == ("corrected", "3.4")


def test_that_a_preliminary_result_never_replaces_a_final_one(clinic):
    taken_in(clinic)
    assert taken_in(clinic, wbc="9.9", status="P") == "duplicate"
    assert sample(clinic).values["wbc"].value == "3.5"


@pytest.mark.parametrize("status", ["D", "W"])
def test_that_a_withdrawn_result_leaves_the_curve_once(clinic, status):
    taken_in(clinic)
    assert taken_in(clinic, status=status) == "voided"
    assert "wbc" not in sample(clinic).values
    assert taken_in(clinic, status=status) == "kept_as_text"
    assert taken_in(clinic) == "duplicate"
    assert "wbc" not in sample(clinic).values


def test_that_a_correction_to_words_empties_the_point(clinic):
    taken_in(clinic)
    assert taken_in(clinic, wbc="Clumped", status="C") == "corrected"
    assert "wbc" not in sample(clinic).values


def test_that_a_withdrawal_of_another_code_leaves_the_blood_count(clinic):
    taken_in(clinic)
    data = a_message(status="D").replace(b"6690-2^WBC^LN", b"26464-8^WBC^LN")
    import_bytes(clinic, "b.hl7", data, CREATE)
    assert sample(clinic).values["wbc"].value == "3.5"


def test_that_a_second_differential_in_one_message_is_kept_beside_the_first(clinic):
    data = a_message() + b"OBX|3|NM|770-8^NEUT^LN||40|%|||||F\rOBX|4|NM|23761-0^NEUT manual^LN||44|%|||||F\r"
    for _ in range(2):
        import_bytes(clinic, "a.hl7", data, CREATE)
    found = sample(clinic)
    assert found.values["neutrophils_percent"].value == "40"
    assert [value.value for name, value in found.others.items() if "second" in name] == ["44"]


def test_that_the_order_of_messages_does_not_matter(clinic, tmp_path_factory):
    from neutromon.services.store_admin import close_session
    from tests.stores import make_store, open_at

    messages = [
        at_minute(a_message(), 800),
        at_minute(a_message(wbc="2.5", status="C"), 810),
        at_minute(a_message(wbc="2.6", status="C"), 820),
    ]
    ends = set()
    for order in itertools.permutations(messages):
        session = open_at(make_store(tmp_path_factory.mktemp("order")))
        for data in order:
            import_bytes(session, "a.hl7", data, CREATE)
        ends.add(sample(session).values["wbc"].value)
        close_session(session)
    assert ends == {"2.6"}


def test_that_two_specimens_of_one_time_with_other_values_are_two(clinic):
    taken_in(clinic)
    import_bytes(clinic, "b.hl7", a_message(wbc="7.7", control="M2"), CREATE)
    assert len(patient_history(clinic, patient_by_mrn(clinic, "T-0001")).counts) == 2


TWICE = a_message() + b"OBX|3|NM|6690-2^WBC^LN||4.4|10*9/L|||||F\r"


def test_that_two_values_under_one_code_in_one_message_wait_and_neither_is_on_the_curve(clinic):
    (first,) = import_bytes(clinic, "a.hl7", TWICE, CREATE).sets
    (again,) = import_bytes(clinic, "a.hl7", TWICE, CREATE).sets
    assert [row.disposition.value for row in first.results] == ["held", "stored", "held"]
    assert first.results[0].hold == ("IMPLAUSIBLE_VALUE", "One report gives WBC 3.5 and 4.4 10*9/L: say which is right.")
    assert [row.disposition.value for row in again.results] == ["held", "duplicate", "held"]
    assert "wbc" not in sample(clinic).values
    assert len(held_sets(clinic)) == 1


def test_that_the_value_of_two_that_a_person_calls_right_goes_to_the_curve_and_the_other_beside_it(clinic):
    import_bytes(clinic, "a.hl7", TWICE, CREATE)
    (waiting,) = held_sets(clinic)
    resolve_held(clinic, waiting.id, Resolution(way=Way.CONFIRM, rows=(RowDecision(index=2, right=True),)))
    found = sample(clinic)
    assert found.values["wbc"].value == "4.4"
    assert found.others["WBC:6690-2"].value == "3.5"
    assert "TWO_VALUES" in found.marks


def test_that_a_final_value_replaces_the_preliminary_one_of_the_same_message(clinic):
    data = a_message(status="P") + b"OBX|3|NM|6690-2^WBC^LN||4.4|10*9/L|||||F\r"
    (own,) = import_bytes(clinic, "a.hl7", data, CREATE).sets
    assert [row.disposition.value for row in own.results] == ["stored", "stored", "corrected"]
    assert sample(clinic).values["wbc"].value == "4.4"


def test_that_two_values_under_two_codes_are_kept_both_with_a_mark(clinic):
    data = a_message() + b"OBX|3|NM|26464-8^WBC^LN||4.4|10*9/L|||||F\r"
    (own,) = import_bytes(clinic, "a.hl7", data, CREATE).sets
    assert "TWO_VALUES" in own.marks
    found = sample(clinic)
    assert (found.values["wbc"].value, found.others["WBC:26464-8 (second)"].value) == ("3.5", "4.4")


def test_that_a_rounded_value_is_no_second_one(clinic):
    data = a_message() + b"OBX|3|NM|6690-2^WBC^LN||3.46|10*9/L|||||F\rOBX|4|NM|6690-2^WBC^LN||3500|/uL|||||F\r"
    (own,) = import_bytes(clinic, "a.hl7", data, CREATE).sets
    assert (own.outcome, own.marks) == ("stored", ())


def test_that_a_bound_and_a_number_of_one_code_are_two_values(clinic):
    data = a_message(wbc="<0.1") + b"OBX|3|NM|6690-2^WBC^LN||0.3|10*9/L|||||F\r"
    (own,) = import_bytes(clinic, "a.hl7", data, CREATE).sets
    assert [row.disposition.value for row in own.results] == ["held", "stored", "held"]


def test_that_a_device_warning_does_not_bar_the_correction(clinic):
    head = "H|\\^&|||XN-1|||||||P|1\rP|1||T-0001||Example^Testa||19600131|F\rO|1|S-7||^^^CBC||20260311080000|20260311080000\r"
    named = ImportOptions(create_patients=True, accept_names=True)
    first, second = (f"{head}R|1|^^^WBC|{value}|10*3/uL||||{letter}\rL|1|N\r".encode() for value, letter in (("3.5", "W"), ("2.5", "C")))
    import_bytes(clinic, "a.astm", first, named)
    (own,) = import_bytes(clinic, "b.astm", second, named).sets
    assert own.outcome == "corrected"
    assert sample(clinic).values["wbc"].value == "2.5"


def test_that_a_day_and_midnight_of_one_specimen_are_one_sample(clinic):
    taken_in(clinic, taken="20260311")
    assert taken_in(clinic, taken="20260311000000") == "duplicate"


AUTOMATED = ("751-8|1.20|10*9/L", "770-8|40|%", "736-9|50|%", "5905-5|10|%")
MANUAL = ("753-4|0.90|10*9/L", "23761-0|30|%", "737-7|60|%", "744-3|10|%")


def a_differential(rows, control, minute):
    head = a_message(control=control).decode().split("\r")[:3]
    body = [f"OBX|{n}|NM|{code}^x^LN||{value}|{unit}|||||F" for n, (code, value, unit) in enumerate((r.split("|") for r in rows), 1)]
    text = "\r".join((*head, *body)).replace(f"F-{control}", "F-1").replace("20260311081500", f"2026031109{minute}00")
    return text.encode()


def shown(clinic):
    found = sample(clinic)
    return found.method, found.values["neutrophils"].value, found.values["neutrophils_percent"].value


def outcomes(clinic, *messages):
    return [import_bytes(clinic, f"{n}.hl7", data, CREATE).sets[0].outcome for n, data in enumerate(messages)]


def test_that_a_whole_manual_differential_that_comes_later_stands_on_the_curve(clinic):
    first, later = a_differential(AUTOMATED, "A1", 10), a_differential(MANUAL, "A2", 40)
    assert outcomes(clinic, first, later) == ["stored", "stored"]
    assert shown(clinic) == ("manual", "0.9", "30")
    assert sample(clinic).others["ANC:751-8 (second)"].value == "1.2"


def test_that_the_order_of_the_two_differentials_does_not_matter(clinic):
    outcomes(clinic, a_differential(MANUAL, "A2", 40), a_differential(AUTOMATED, "A1", 10))
    assert shown(clinic) == ("manual", "0.9", "30")
    assert sample(clinic).others["ANC:751-8 (second)"].value == "1.2"


def test_that_both_differentials_again_change_nothing(clinic):
    both = a_differential(AUTOMATED, "A1", 10), a_differential(MANUAL, "A2", 40)
    outcomes(clinic, *both)
    again = [data.replace(b"|A", b"|B") for data in both]
    assert outcomes(clinic, *again) == ["duplicate", "duplicate"]
    assert shown(clinic) == ("manual", "0.9", "30")


def test_that_a_manual_differential_that_does_not_add_up_stays_beside(clinic):
    outcomes(clinic, a_differential(AUTOMATED, "A1", 10), a_differential(MANUAL[:2], "A2", 40))
    assert sample(clinic).values["neutrophils"].value == "1.2"
    assert sample(clinic).others["ANC:753-4 (second)"].value == "0.9"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"taken": "20260314090000"}, "TIME_IN_FUTURE"),
        ({"taken": "19500101090000"}, "TIME_BEFORE_BIRTH"),
        ({"number": ""}, "NO_PATIENT_ID"),
    ],
)
def test_that_a_time_or_person_that_cannot_be_waits(clinic, changes, reason):
    (own,) = import_bytes(clinic, "a.hl7", a_message(**changes), CREATE).sets
    assert own.reason[0] == reason


def with_rows(*rows):
    head = a_message().decode().split("\r")[:3]
    return "\r".join((*head, *(f"OBX|{n}|{row}" for n, row in enumerate(rows, 1)), "")).encode()


def test_that_every_further_result_of_one_code_is_kept(clinic):
    rows = ("NM|X1^Odd^L||5|mmol/L|||||F", "NM|X1^Odd^L||6|mmol/L|||||F", "NM|X1^Odd^L||5|mmol/L|||||F", "NM|6690-2^WBC^LN||3|10*9/L|||||F")
    (own,) = import_bytes(clinic, "a.hl7", with_rows(*rows), CREATE).sets
    assert [row.disposition.value for row in own.results] == ["stored", "stored", "duplicate", "stored"]
    assert sorted(value.value for name, value in sample(clinic).others.items() if name.startswith("OTHER:X1")) == ["5", "6"]


def test_that_words_of_one_code_are_all_kept(clinic):
    rows = ("TX|X1^Odd^L||first||||||F", "TX|X1^Odd^L||second||||||F", "NM|6690-2^WBC^LN||3|10*9/L|||||F")
    import_bytes(clinic, "a.hl7", with_rows(*rows), CREATE)
    assert {value.value for value in sample(clinic).others.values()} == {"first", "second"}


def test_that_three_numbers_of_one_analyte_are_kept_apart(clinic):
    rows = tuple(f"NM|{code}^WBC^LN||{value}|10*9/L|||||F" for code, value in (("6690-2", "3"), ("26464-8", "4"), ("33256-9", "5")))
    import_bytes(clinic, "a.hl7", with_rows(*rows), CREATE)
    assert sample(clinic).values["wbc"].value == "3"
    assert sorted(value.value for value in sample(clinic).others.values()) == ["4", "5"]


def test_that_a_withdrawal_older_than_what_stands_changes_nothing(clinic):
    taken_in(clinic, wbc="2.5", status="C")
    older = a_message(status="X", wbc="", control="M0").replace(b"20260311081500", b"20260311070000")
    (own,) = import_bytes(clinic, "old.hl7", older, CREATE).sets
    assert own.results[0].disposition.value == "kept_as_text"
    assert sample(clinic).values["wbc"].value == "2.5"
