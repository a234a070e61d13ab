import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import InputError
from newscrawl.store.mongodb.address import database, shown


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("mongodb://host/news", "mongodb://host/news"),
        ("mongodb://a:27017,b:27018/news?replicaSet=rs0", "mongodb://a:27017,b:27018/news"),
        ("mongodb+srv://me:secret@cluster.example/news?tlsCertificateKeyFilePassword=secret", "mongodb+srv://cluster.example/news"),
        ("mongodb://me:se/cr?et@host/news", "mongodb://host/news"),
        ("mongodb://me:secr@et@host/news", "mongodb://host/news"),
    ],
)
def test_shown(uri: str, expected: str) -> None:
    assert shown(uri) == expected
    assert database(uri) == "news"


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://",
        "mongodb://host",
        "mongodb://host/",
        "mongodb:///news",
        "mongodb://host/a.b",
        "mongodb://host/a/b",
        "mongodb://host/a$b",
    ],
)
def test_an_address_without_a_usable_database_is_refused(uri: str) -> None:
    with pytest.raises(InputError, match="mongodb://HOST/DATABASE"):
        database(uri)


@given(st.text(min_size=1).map(lambda text: f"p{text}w"))
def test_no_password_is_ever_shown(password: str) -> None:
    assert shown(f"mongodb://me:{password}@host/news") == "mongodb://host/news"
