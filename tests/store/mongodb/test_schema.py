import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest

from newscrawl.errors import StoreError
from newscrawl.store.mongodb.documents import COLLECTIONS
from newscrawl.store.mongodb.schema import MIGRATIONS, require_server, validator


@dataclass
class Inner:
    share: float


@dataclass
class Sample:
    id: str
    seen: datetime | None
    inner: Mapping[str, Inner]
    sizes: tuple[int, ...] = ()


def test_a_validator_has_a_type_for_each_field() -> None:
    assert validator(Sample) == {
        "bsonType": "object",
        "required": ["_id", "seen", "inner"],
        "properties": {
            "_id": {"bsonType": "string"},
            "seen": {"anyOf": [{"bsonType": "date"}, {"bsonType": "null"}]},
            "inner": {
                "bsonType": "object",
                "additionalProperties": {
                    "bsonType": "object",
                    "required": ["share"],
                    "properties": {"share": {"bsonType": ["double", "int", "long"]}},
                },
            },
            "sizes": {"bsonType": "array", "items": {"bsonType": ["int", "long"]}},
        },
    }


@pytest.mark.parametrize("version", [[3, 6, 0, 0], [4, 4, 29, 0], [5, 0, 31, 0]])
def test_a_server_that_is_too_old_is_named_with_what_is_needed(version: list[int]) -> None:
    with pytest.raises(StoreError, match=rf"mongodb://h/n: the server is MongoDB {version[0]}\.{version[1]}.*5\.1 or later is needed"):
        require_server(version, "mongodb://h/n")


@pytest.mark.parametrize("version", [[5, 1, 0, 0], [6, 0, 5, 0], [10, 0, 0, 0]])
def test_a_server_that_is_new_enough_will_do(version: list[int]) -> None:
    require_server(version, "mongodb://h/n")


def test_validators_change_only_with_a_migration() -> None:
    """If this fails, models.py has changed: add a migration that makes the collections again, then write its name and the digest here."""
    rules = json.dumps({name: validator(kind) for name, kind in COLLECTIONS.items()}, sort_keys=True)
    assert (next(reversed(MIGRATIONS)), hashlib.sha256(rules.encode()).hexdigest()[:16]) == ("0012-packed-keys", "5c0ec261cf7779bd")
