"""Hostile input costs time in proportion to its size, never more: each case would take minutes if it were read again and again."""

import time
from datetime import UTC

import pytest

from neutromon.interop.parse import parse
from neutromon.services.importing.complete import is_complete

SIZE = 1_000_000
LIMIT_S = 20
HEAD = b"MSH|^~\\&|LAB||||20260311||ORU^R01|1|P|2.5\rPID|1||1\rOBR|1\r"


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?>MSH" + b"<![CDATA[" * (SIZE // 9),
        b"\x02" * SIZE,
        HEAD + b"a\r" * (SIZE // 2),
        b"H|\\^&\r" + b"a\r" * (SIZE // 2),
        b"1H|\\^&\r2P|1\r3O|1\r" + b"aFF\r" * (SIZE // 4),
        b"MRN,WBC" + b"(" * 100_000 + b"\n1,2\n",
        b"MRN,WBC" + b" " * 100_000 + b"x\n1,2\n",
        HEAD + b"OBX|1|NM|X||1\r" * (SIZE // 30),
        b"[" * SIZE,
        HEAD + b"OBX|1|TX|X||" + b"\\X" * (SIZE // 2),
        b"MSH|^~\\&|" + b"\n" * SIZE + b"x",
    ],
    ids=["cdata", "frames", "wrapped", "continued", "glued", "brackets", "blanks", "rows", "nested", "escapes", "ends"],
)
def test_that_hostile_input_is_answered_in_bounded_time(data):
    started = time.process_time()
    assert parse(data, UTC).sets
    is_complete(data)
    assert time.process_time() - started < LIMIT_S
