"""Real laboratory files beside the project, where they are: every one is read, and every row of it is accounted for."""

import json
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neutromon.interop.hl7_reader import read
from neutromon.interop.parse import parse
from neutromon.interop.understand import understand
from neutromon.interop.wire import decode
from tests.interop.tables import CODES

OWN = Path(__file__).parent / "samples"
SHARED = Path(__file__).parents[2].parent / "shared" / "samples"
FILES = sorted(OWN.iterdir()) + (sorted(SHARED.glob("*/*")) if SHARED.is_dir() else [])


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_that_every_file_is_read_and_every_row_understood(path):
    parsed = parse(path.read_bytes(), UTC)
    assert parsed.sets
    for own in parsed.sets:
        assert len(understand(own, CODES, accept_names=True)) == len(own.results)
        assert own.results or own.problem or own.ignored


HL7 = [path for path in FILES if path.suffix == ".hl7"]


@pytest.mark.parametrize("path", HL7, ids=[path.name for path in HL7])
def test_that_every_obx_with_a_value_is_a_row(path):
    data = path.read_bytes()
    wanted = {segment.whole(5) for message in read(decode(data)[0]) for segment in message.segments if segment.name == "OBX"}
    rows = [row for own in parse(data, UTC).sets for row in own.results]
    kept = {row.value or "" for row in rows}
    missing = {value for value in wanted if len(value) < 900 and "^" not in value and value.isprintable()} - kept
    assert not missing


@given(st.sampled_from([path for path in FILES if path.stat().st_size < 8000]), st.data())
@settings(max_examples=120)
def test_that_a_file_cut_anywhere_is_never_another_patients(path, data):
    content = path.read_bytes()
    whole = {(i.value, i.authority) for own in parse(content, UTC).sets for i in own.identifiers}
    cut = data.draw(st.integers(0, len(content)))
    for own in parse(content[:cut], UTC).sets:
        complete = own.family is not None and own.birth_date is not None
        known = {(i.value, i.authority) for i in own.identifiers}
        spelt = not whole and all(value.encode() in content for value, _ in known)  # the whole is refused; its beginning may read
        assert not complete or known <= whole or spelt


@given(st.sampled_from(FILES[:8]), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6))
@settings(max_examples=150)
def test_that_changed_bytes_never_raise(path, changes):
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        if content:
            content[place % len(content)] = byte
    for own in parse(bytes(content), UTC).sets:
        understand(own, CODES, accept_names=False)


@given(st.binary(max_size=400))
def test_that_any_bytes_are_answered(data):
    assert parse(data, UTC).sets


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        json.dumps({"resourceType": "Observation"}).encode()[:-1],
        b"{" + b'"a":' * 5000,
        b'{"resourceType": 5}',
        b"\xff\xfe\x00",
    ],
)
def test_that_deep_or_broken_json_is_refused_quickly(data):
    (own,) = parse(data, UTC).sets
    assert own.problem or own.ignored
