"""Crawls whose WARC files belong into a bucket: the commands find them there, and a bucket that is away costs nothing but time."""

import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import fsspec.config
import pytest

from newscrawl.archive.elsewhere import OPEN
from tests.archive.buckets import ADDRESS, Bucket, bucket, front
from tests.crawl.crawls import Place, Ran, ended
from tests.crawl.illustrated import ARTICLES, Illustrated, illustrated

NEWSCRAWL = ("-m", "newscrawl")


class Remote(Place):
    """A place whose archive is the bucket."""

    served: Bucket

    @property
    def front(self) -> Path:
        return front(self.folder / "local")

    def here(self) -> list[str]:
        return sorted(path.name for path in self.front.glob("*.warc.gz*"))

    def settings(self, knobs: Mapping[str, object]) -> dict[str, str]:
        return super().settings({"archive": ADDRESS, "archive_local": self.folder / "local", **knobs})

    def crawled(self, site: Illustrated) -> Ran:
        return self.crawl("crawl", "gazette", program=NEWSCRAWL, settings=site.settings)


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    with bucket(tmp_path) as served:
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(fsspec.config, "conf", {})
        fsspec.config.set_conf_env(fsspec.config.conf)  # as in a new process
        place = Remote(tmp_path)
        place.served = served
        yield place


def test_the_commands_find_in_a_bucket_what_a_crawl_put_there(remote: Remote, tmp_path: Path) -> None:
    with illustrated(tmp_path) as site:
        ran = remote.crawled(site)
        home = site.home.rstrip("/")
    assert ran.code == 0, ran.stderr
    assert len(remote.served.files()) == 1
    assert remote.here() == []
    article = remote.holding().article(home + ARTICLES[0])
    assert "1 WARC file" in remote.run("archive", "index").stdout
    again = remote.crawl("reextract", program=NEWSCRAWL)  # in processes of its own
    assert (again.code, again.stdout.startswith("2 articles read again: 0 differ")) == (0, True), again.stderr
    assert b"old river port" in remote.run("show", article.id, "--html").stdout.encode()
    assert remote.run("archive", "takedown", article.id, "--yes", "--feeds").code == 0
    assert remote.here() == []
    assert remote.run("archive", "verify").code == 0, "index and store agree with what is there"
    with pytest.raises(ValueError, match="not enough values"):
        remote.holding().article(home + ARTICLES[0])


def test_a_bucket_that_goes_away_in_a_crawl_costs_nothing(remote: Remote, tmp_path: Path) -> None:
    with illustrated(tmp_path, "") as site:
        crawl = remote.start("crawl", "gazette", program=NEWSCRAWL, settings=site.settings, crawl_delay=0.3)
        while not [name for name in remote.here() if name.endswith(OPEN)]:
            time.sleep(0.05)
        remote.served.stop()
        ran = ended(crawl)
    assert ran.code == 0, ran.stderr
    assert f"1 WARC files wait in {remote.front} to be sent to {ADDRESS}" in ran.stderr
    assert len(remote.here()) == 1
    assert remote.run("archive", "send").code == 5
    told = remote.run("doctor")
    assert f"{ADDRESS}: can't be reached" in told.stdout
    remote.served.start()
    assert "`newscrawl archive send` sends them" in remote.run("doctor").stdout
    sent = remote.run("archive", "send")
    assert (sent.code, f"1 WARC file sent to {ADDRESS}" in sent.stderr) == (0, True), sent.stderr
    assert (remote.here(), len(remote.served.files())) == ([], 1)
    assert remote.run("archive", "verify").code == 0


def test_a_killed_crawl_loses_nothing_and_the_next_sends_what_it_wrote(remote: Remote, tmp_path: Path) -> None:
    with illustrated(tmp_path, "") as site:
        crawl = remote.start("crawl", "gazette", program=NEWSCRAWL, settings=site.settings, crawl_delay=0.3)
        while crawl.poll() is None and len(site.server.requests) < 4:
            time.sleep(0.05)
        crawl.send_signal(signal.SIGKILL)
        ended(crawl)
        assert [name for name in remote.here() if name.endswith(OPEN)]
        assert remote.crawled(site).code == 0
    assert remote.here() == []
    assert len(remote.served.files()) == 2
    assert remote.run("archive", "verify").code == 0
    assert len(remote.holding().articles) == 2


def test_without_the_extra_it_is_said_what_is_missing(tmp_path: Path) -> None:
    """fsspec is hidden by a package of its name that can't be imported."""
    (tmp_path / "hidden" / "fsspec").mkdir(parents=True)
    (tmp_path / "hidden" / "fsspec" / "__init__.py").write_text("raise ImportError('No module named fsspec')\n")
    hidden = f"import sys; sys.path.insert(0, {str(tmp_path / 'hidden')!r}); from newscrawl.cli import main; main()"
    place = Place(tmp_path)
    with illustrated(tmp_path, "") as site:
        ran = place.crawl("crawl", "gazette", program=("-c", hidden), archive=ADDRESS, settings=site.settings)
        assert site.server.requests == [], "before anything is asked for"
    assert ran.code == 3
    assert "pip install 'newscrawl[remote]'" in ran.stderr
