import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.demo.http import Request, read_request, written
from newscrawl.demo.pages import Page, zipped

PAGE = Page(b"<p>Hello.</p>", headers=(("ETag", '"abc"'), ("Last-Modified", "Fri, 01 May 2026 10:00:00 GMT")))


def asked(method="GET", **headers):
    return Request(method, "/", {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_request_is_read_from_its_head():
    request = read_request(b"GET /a?b HTTP/1.1\r\nHost: here\r\nUser-Agent:  me \r\n\r\n")
    assert request == Request("GET", "/a?b", {"host": "here", "user-agent": "me"})


@pytest.mark.parametrize("head", [b"\r\n\r\n", b"HELLO\r\n\r\n", b"GET /\r\n\r\n", b"\x16\x03\x01\r\n\r\n"])
def test_what_is_no_request_is_none(head):
    assert read_request(head) is None


@given(st.binary())
def test_no_bytes_break_the_reader(head):
    read_request(head)


@pytest.mark.parametrize(
    ("version", "connection", "goes_on"),
    [("HTTP/1.1", "", True), ("HTTP/1.1", "Close", False), ("HTTP/1.0", "", False), ("HTTP/1.0", "keep-alive", True)],
)
def test_connections_go_on_as_the_client_wishes(version, connection, goes_on):
    assert Request("GET", "/", {"connection": connection}, version).keeps_alive is goes_on


def test_an_answer_has_head_and_body():
    response = written(PAGE, asked())
    head, _, body = response.data.partition(b"\r\n\r\n")
    assert response.status == 200
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Length: 13\r\n" in head
    assert body == PAGE.body


def test_head_leaves_only_the_body_out():
    assert written(PAGE, asked("HEAD")).data == written(PAGE, asked()).data.removesuffix(PAGE.body)


def test_other_methods_are_not_allowed():
    assert written(PAGE, asked("POST")).status == 405


def test_gzip_is_for_those_who_take_it():
    page = Page(PAGE.body, zipped=zipped(PAGE.body))
    plain, packed = (written(page, asked(accept_encoding=wish)).data.partition(b"\r\n\r\n") for wish in ("", "gzip, br"))
    assert plain[2] == PAGE.body
    assert gzip.decompress(packed[2]) == PAGE.body
    assert b"Content-Encoding: gzip" in packed[0]
    assert b"Vary: Accept-Encoding" in plain[0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": '"abc"'}, 304),
        ({"if_none_match": 'W/"abc", "x"'}, 304),
        ({"if_none_match": '"old"'}, 200),
        ({"if_none_match": '"old"', "if_modified_since": "Fri, 01 May 2026 10:00:00 GMT"}, 200),
        ({"if_modified_since": "Fri, 01 May 2026 10:00:00 GMT"}, 304),
        ({"if_modified_since": "Fri, 01 May 2026 09:59:59 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": "Fri, 01 May 2026 10:00:00"}, 200),
    ],
)
def test_a_page_is_sent_unless_the_client_has_it(headers, status):
    response = written(PAGE, asked(**headers))
    assert response.status == status
    assert response.data.endswith(b"\r\n\r\n") is (status == 304)


def test_only_whole_pages_can_be_unchanged():
    assert written(Page(status=404, headers=PAGE.headers), asked(if_none_match='"abc"')).status == 404


def test_an_invented_status_is_sent_as_it_is():
    assert written(Page(status=999), asked()).data.startswith(b"HTTP/1.1 999 ")
