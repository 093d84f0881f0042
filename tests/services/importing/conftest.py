"""A store for each test of importing, closed after it."""

from collections.abc import Iterator

import pytest

from neutromon.services.session import Session
from neutromon.services.store_admin import close_session
from tests.stores import make_store, open_at


@pytest.fixture
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Give an open, empty store."""
    session = open_at(make_store(tmp_path_factory.mktemp("store")))
    yield session
    close_session(session)
