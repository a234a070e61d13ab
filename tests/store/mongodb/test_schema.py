import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newscrawl.store.mongodb.documents import COLLECTIONS
from newscrawl.store.mongodb.schema import MIGRATIONS, validator


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


def test_validators_change_only_with_a_migration() -> None:
    """If this fails, models.py has changed: add a migration that makes the collections again, then write its name and the digest here."""
    rules = json.dumps({name: validator(kind) for name, kind in COLLECTIONS.items()}, sort_keys=True)
    assert (next(reversed(MIGRATIONS)), hashlib.sha256(rules.encode()).hexdigest()[:16]) == ("0010-edits-and-losses", "5c0ec261cf7779bd")
