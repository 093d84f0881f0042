"""A program that is killed at any step has lost nothing that it acknowledged, and nothing is half there."""

from pathlib import Path

import pytest

from tests.e2e.killing import kill_again_and_again
from tests.stores import make_store


@pytest.mark.usefixtures("quick_keys")
def test_that_nothing_acknowledged_is_lost_and_nothing_is_torn_by_sigkill(tmp_path: Path) -> None:
    found = list(kill_again_and_again(make_store(tmp_path), kills=5, seed=11))
    assert all(after.stored >= after.acknowledged > 0 for after in found)
    assert all(after.sound and after.whole for after in found)
    assert all(after.stored - after.acknowledged <= 1 for after in found)
    assert all(after.answered > 0 for after in found)
