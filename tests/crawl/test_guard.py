"""Private addresses: which are, who may name them, and that no spelling of one is connected to."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.config import load_config
from newscrawl.crawl.guard import Allowance, is_public, named_by
from newscrawl.sites import site_for_url

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8"]
PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1
    192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1
    2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
""".split()


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@given(st.ip_addresses())
def test_an_address_wrapped_in_another_is_judged_by_itself(address):
    if address.version == 4:
        assert is_public(f"::ffff:{address}") == is_public(str(address))
        assert not is_public(f"::{address}")
    assert is_public(str(address)) in (True, False)


# what the operator named


@pytest.mark.parametrize(
    ("named", "host", "address"),
    [
        ([], "gazette.example", "8.8.8.8"),
        (["10.0.0.5"], "gazette.example", "10.0.0.5"),
        (["10.0.0.0/8"], "10.1.2.3", "10.1.2.3"),
        (["10.0.0.5/8"], "10.1.2.3", "10.1.2.3"),
        (["Intranet.example"], "intranet.EXAMPLE", "192.168.0.1"),
        (["[::1]"], "localhost", "::1"),
        (["fd00::/8"], "x", "fd00::1"),
        (["fe80::/10"], "x", "fe80::1%eth0"),
    ],
)
def test_what_may_be_connected_to(named, host, address):
    assert Allowance(named).admits(host, address)


@pytest.mark.parametrize(
    ("named", "host", "address"),
    [
        ([], "gazette.example", "127.0.0.1"),
        (["10.0.0.5"], "gazette.example", "10.0.0.6"),
        (["intranet.example"], "www.intranet.example", "10.0.0.5"),
        (["intranet.example"], "evil.example", "10.0.0.5"),
        (["127.0.0.0/8"], "x", "::1"),
        (["::1"], "x", "127.0.0.1"),
        (["0.0.0.0"], "x", "127.0.0.1"),
    ],
)
def test_what_may_not(named, host, address):
    assert not Allowance(named).admits(host, address)


@pytest.fixture
def config(monkeypatch):
    """As shipped, with an environment that names no proxy."""
    for variable in ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
    return load_config({})


def test_nobody_named_anything(config):
    assert named_by(config, [site_for_url("https://gazette.example/")]) == []


def test_names_from_the_settings(config):
    crawl = msgspec.structs.replace(config.crawl, allow_private=("10.0.0.0/8", "intranet.example"))
    assert named_by(msgspec.structs.replace(config, crawl=crawl), []) == ["10.0.0.0/8", "intranet.example"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost:8000/", "localhost"),
        ("http://demo.localhost/", "demo.localhost"),
        ("http://[::1]/", "::1"),
    ],
)
def test_a_site_that_is_itself_private_was_named_by_its_address(config, url, name):
    assert named_by(config, [site_for_url(url)]) == [name]


@pytest.mark.parametrize("proxy", ["http://10.0.0.9:3128", "10.0.0.9:3128", "http://user:secret@10.0.0.9"])
def test_a_proxy_was_named(config, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    assert named_by(config, []) == ["10.0.0.9"]


@pytest.mark.parametrize("hosts", ["127.0.0.1", "localhost,127.0.0.1", "10.0.0.0/8", "*", ".corp.example"])
def test_what_is_asked_without_a_proxy_is_not_thereby_allowed(config, monkeypatch, hosts):
    monkeypatch.setenv("no_proxy", hosts)
    assert named_by(config, []) == []


# the resolver, where Scrapy and Twisted call it

OLD_SPELLINGS = """
    127.0.0.1 127.0.0.2 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7F.0.0.0x1 0177.0.0.1 017700000001 0 0.0.0.0 localhost LOCALHOST
    169.254.169.254 10.0.0.1 192.168.0.1 100.64.0.1
""".split()
NEW_SPELLINGS = "[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1]".split()
FETCHES = """
import json, sys
from urllib.parse import urlsplit
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from newscrawl.crawl.guard import refusal

class Fetches(scrapy.Spider):
    name = "fetches"
    async def start(self):
        for url in json.loads(sys.argv[1]):
            yield scrapy.Request(url, callback=self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True)
    def parse(self, response, asked):
        print(json.dumps([asked, str(response.status)]))
    def failed(self, failure):
        print(json.dumps([failure.request.cb_kwargs["asked"], refusal(urlsplit(failure.request.url).hostname) or repr(failure.value)]))

process = AsyncCrawlerProcess({
    "TWISTED_DNS_RESOLVER": "newscrawl.crawl.guard.GuardedResolver", "NEWSCRAWL_NAMED": json.loads(sys.argv[2]), "LOG_ENABLED": False,
    "ROBOTSTXT_OBEY": False, "RETRY_ENABLED": False, "DOWNLOAD_TIMEOUT": 5, "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0.001,
})
process.crawl(Fetches)
process.start()
"""


@pytest.fixture
def vault():
    """A server on loopback, and the requests it got."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(urls: list[str], named: list[str]) -> dict[str, str]:
    """Status or error of each address, fetched by Scrapy behind the guard."""
    command = [sys.executable, "-c", FETCHES, json.dumps(urls), json.dumps(named)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[2])
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_no_spelling_of_a_private_address_is_connected_to(vault):
    port, asked = vault
    answers = fetched([f"http://{spelling}:{port}/" for spelling in (*OLD_SPELLINGS, *NEW_SPELLINGS)], [])
    assert asked == []
    for spelling in OLD_SPELLINGS:
        assert "which is private" in answers[f"http://{spelling}:{port}/"]
    for spelling in NEW_SPELLINGS:  # Scrapy's resolver knows no IPv6: most of them have no address at all
        answer = answers[f"http://{spelling}:{port}/"]
        assert "which is private" in answer or "CannotResolveHostError" in answer


def test_what_was_named_is_connected_to_and_nothing_beside_it(vault):
    port, asked = vault
    urls = [f"http://127.0.0.1:{port}/a", f"http://localhost:{port}/b", f"http://127.0.0.2:{port}/c", f"http://0.0.0.0:{port}/d"]
    answers = fetched(urls, ["127.0.0.1"])
    assert [answers[url] for url in urls[:2]] == ["200", "200"]
    assert all("which is private" in answers[url] for url in urls[2:])
    assert sorted(asked) == ["/a", "/b"]


def test_a_name_that_has_no_address_was_not_refused():
    assert "CannotResolveHostError" in fetched(["http://nowhere.invalid/"], [])["http://nowhere.invalid/"]
