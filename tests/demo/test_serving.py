import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from newscrawl.demo.serving import serve_demo


def read(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read()


def test_both_portals_answer_at_home(demo):
    assert demo.portals[0].name.encode("gbk") in read(demo.homes[0])
    assert demo.portals[1].name.encode() in read(demo.homes[1])
    assert [exchange.path for exchange in demo.requests] == ["/", "/"]


def test_truth_is_told_by_reach(demo):
    assert (len(demo.expected()), len(demo.expected("script"))) == (26, 3)
    assert all(article.url.startswith("http://127.0.0.") for article in demo.expected())


def test_the_edition_changes_between_two_crawls(demo):
    before = {article.url for article in demo.expected()}
    demo.publish(2)
    after = {article.url for article in demo.expected()}
    (gone,), (new,) = before - after, after - before
    assert read(new)
    with pytest.raises(urllib.error.HTTPError) as missing:
        read(gone)
    missing.value.close()
    assert missing.value.code == 404


def test_now_can_be_chosen():
    with serve_demo(now=datetime(2030, 1, 2, tzinfo=UTC)) as demo:
        assert "2030年1月2日".encode("gbk") in read(demo.homes[0])


def test_the_command_says_where_and_serves():
    command = [sys.executable, "-m", "newscrawl.demo", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        home = line.split()[0]
        assert "15 articles" in line
        assert read(home)
        process.terminate()


def test_the_command_says_why_it_cannot_serve(demo):
    port = demo.homes[0].strip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "newscrawl.demo", "serve", "--port", port]
    failed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert failed.returncode == 2
    assert f"127.0.0.1:{port}" in failed.stderr
    assert "Traceback" not in failed.stderr
