"""Staff on both databases."""

import pytest

from ivr.db import Database
from ivr.foundation.crypto import Keyring
from tests.support.staff import Staff


@pytest.fixture
def staff(database: Database, keyring: Keyring) -> Staff:
    return Staff(database, keyring)
