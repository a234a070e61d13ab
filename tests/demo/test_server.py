import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from newscrawl.demo.pages import Page, Wire
from newscrawl.demo.server import Server
from newscrawl.errors import InputError

TABLE = {
    "/": Page(b"home", headers=(("ETag", '"1"'),)),
    "/slow": Page(b"slow", delay=0.2),
    "/busy": Page(b"at last", first=Page(status=503, headers=(("Retry-After", "1"),))),
    "/rude": Wire((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"half")),
    "/drip": Wire((b"x",) * 1000, pause=0.1),
}


@pytest.fixture
def server():
    with Server() as served:
        served.publish(lambda target: TABLE.get(target, Page(b"?", status=404)))
        yield served


@pytest.fixture
def client(server):
    connection = http.client.HTTPConnection(urlsplit(server.origins[0]).netloc, timeout=5)
    yield connection
    connection.close()


def get(client, path, method="GET", **headers):
    client.request(method, path, headers=headers)
    response = client.getresponse()
    return response.status, response.read()


def test_one_connection_carries_many_requests(client):
    assert get(client, "/") == (200, b"home")
    own = client.sock
    assert get(client, "/none") == (404, b"?")
    assert client.sock is own


def test_head_and_conditional_requests(client):
    assert get(client, "/", "HEAD") == (200, b"")
    assert get(client, "/", **{"If-None-Match": '"1"'}) == (304, b"")


def test_a_busy_page_is_busy_once(client):
    assert get(client, "/busy")[0] == 503
    assert get(client, "/busy") == (200, b"at last")


def test_requests_are_written_down_with_their_times(server, client):
    before = time.monotonic()
    get(client, "/slow?x=1", **{"User-Agent": "me", "If-None-Match": "*"})
    get(client, "/slow")
    first, second = server.requests
    assert (first.method, first.path, first.target, first.user_agent, first.status) == ("GET", "/slow", "/slow?x=1", "me", 404)
    assert first.conditional
    assert not second.conditional
    assert before <= first.arrived <= first.answered <= second.arrived
    assert second.answered - second.arrived >= 0.2


def test_two_at_once_overlap(server):
    def ask():
        connection = http.client.HTTPConnection(urlsplit(server.origins[0]).netloc, timeout=5)
        get(connection, "/slow")
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = server.requests
    assert second.arrived < first.answered


def test_raw_bytes_are_sent_and_the_connection_is_closed(client):
    with pytest.raises(http.client.IncompleteRead):
        get(client, "/rude")


def test_what_is_no_request_is_hung_up_on(server):
    parts = urlsplit(server.origins[0])
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as wire:
        wire.sendall(b"HELLO\r\n\r\n")
        assert wire.recv(1) == b""
    assert server.requests == []


def test_publish_replaces_what_is_served(server, client):
    server.publish(lambda _: Page(b"new"))
    assert get(client, "/") == (200, b"new")


def test_the_end_does_not_wait_for_a_drip():
    with Server() as server:
        server.publish(TABLE.__getitem__)
        parts = urlsplit(server.origins[0])
        wire = socket.create_connection((parts.hostname, parts.port), timeout=5)
        wire.sendall(b"GET /drip HTTP/1.1\r\n\r\n")
        assert wire.recv(1) == b"x"
        begun = time.monotonic()
    wire.close()
    assert time.monotonic() - begun < 2
    assert server.requests[0].answered < float("inf")


def test_two_hosts_answer_apart():
    with Server(("127.0.0.1", "127.0.0.2")) as server:
        server.publish(lambda _: Page(b"one"), lambda _: Page(b"two"))
        answers = []
        for origin in server.origins:
            connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=5)
            answers.append(get(connection, "/")[1])
            connection.close()
    assert answers == [b"one", b"two"]
    assert [exchange.origin for exchange in server.requests] == list(server.origins)


def test_a_port_that_is_taken_is_an_error(server):
    port = urlsplit(server.origins[0]).port
    with pytest.raises(InputError, match=f"127.0.0.1:{port} .*in use.*another port"):
        Server(port=port)


def test_sockets_are_closed_if_a_later_one_cannot_be_had(server):
    taken = urlsplit(server.origins[0]).port
    with pytest.raises(InputError):
        Server(("127.0.0.3", "127.0.0.1"), port=taken - 1)
    socket.create_server(("127.0.0.3", taken - 1)).close()


def test_where_a_second_address_is_missing_the_first_serves_on_two_ports():
    # 192.0.2.1 is kept for documentation, so no system has it
    with Server(("127.0.0.1", "192.0.2.1")) as server:
        assert [urlsplit(origin).hostname for origin in server.origins] == ["127.0.0.1", "127.0.0.1"]
        assert len(set(server.origins)) == 2
