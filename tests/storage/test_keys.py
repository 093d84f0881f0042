"""Key slots: only the right person with the right passphrase opens, and nobody can swap a part of a slot."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from neutromon.models.errors import StoreError
from neutromon.storage import keys

pytestmark = pytest.mark.usefixtures("quick_keys")
KEY = bytes(range(32))
PHRASE = "a synthetic passphrase"


@pytest.fixture
def slot() -> dict[str, Any]:
    """Give a slot of one person."""
    return keys.make_slot("store-1", "ann", PHRASE, KEY)


def test_that_a_slot_gives_the_key_back(slot: dict[str, Any]) -> None:
    assert keys.open_slot("store-1", slot, "ann", PHRASE) == KEY


def test_that_neither_key_nor_passphrase_stands_in_a_slot(slot: dict[str, Any]) -> None:
    text = str(slot)
    assert KEY.hex() not in text
    assert PHRASE not in text


def weaker(slot: dict[str, Any]) -> None:
    slot["person"]["par"] = {"m": 8, "t": 1, "p": 1}


def other_key(slot: dict[str, Any]) -> None:
    slot["person"]["public"] = keys.make_slot("store-1", "ann", PHRASE, KEY)["person"]["public"]


def other_grant(slot: dict[str, Any]) -> None:
    slot["grant"] = keys.make_slot("store-1", "ann", PHRASE, bytes(32))["grant"]


def later_generation(slot: dict[str, Any]) -> None:
    slot["grant"]["generation"] = 2


def cut(slot: dict[str, Any]) -> None:
    slot["person"]["secret"] = slot["person"]["secret"][:-2]


def no_hex(slot: dict[str, Any]) -> None:
    slot["person"]["nonce"] = "zz"


def lost_part(slot: dict[str, Any]) -> None:
    del slot["grant"]["eph"]


@pytest.mark.parametrize("change", [weaker, other_key, other_grant, later_generation, cut, no_hex, lost_part])
def test_that_a_changed_slot_opens_nothing(slot: dict[str, Any], change: Any) -> None:
    changed = deepcopy(slot)
    change(changed)
    with pytest.raises(StoreError, match="passphrase is wrong"):
        keys.open_slot("store-1", changed, "ann", PHRASE)


@pytest.mark.parametrize(
    ("store", "user", "phrase"), [("store-2", "ann", PHRASE), ("store-1", "bea", PHRASE), ("store-1", "ann", PHRASE + " ")]
)
def test_that_a_slot_opens_for_its_store_person_and_passphrase_only(slot: dict[str, Any], store: str, user: str, phrase: str) -> None:
    with pytest.raises(StoreError, match="passphrase is wrong"):
        keys.open_slot(store, slot, user, phrase)


def test_that_the_recovery_sheet_gives_the_key_back_as_people_type_it() -> None:
    sheet = keys.recovery_sheet(KEY)
    assert [len(group) for group in sheet.split()] == [7] * 8
    assert keys.key_from_sheet(sheet.lower().replace(" ", "")) == KEY


@pytest.mark.parametrize("position", range(0, 63, 9))
def test_that_one_misread_letter_of_the_sheet_is_told(position: int) -> None:
    sheet = list(keys.recovery_sheet(KEY))
    sheet[position] = "A" if sheet[position] != "A" else "B"
    with pytest.raises(StoreError, match="recovery key is not right"):
        keys.key_from_sheet("".join(sheet))


def test_that_text_that_is_no_sheet_is_told() -> None:
    with pytest.raises(StoreError, match="recovery key is not right"):
        keys.key_from_sheet("1890 !!")


def test_that_slots_survive_being_written_and_read(tmp_path: Path, slot: dict[str, Any]) -> None:
    store = tmp_path / "s.neutromon"
    keys.write_slots(store, "store-1", {"ann": slot})
    keys.write_slots(store, "store-1", {"ann": slot, "bea": slot})
    assert keys.read_slots(store) == ("store-1", {"ann": slot, "bea": slot})
