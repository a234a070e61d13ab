"""The command line, with a real store and a real archive: what is printed where, and the exit code of each cause."""

import asyncio
import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newscrawl import __version__
from newscrawl.archive.exchange import Exchange
from newscrawl.archive.warc import WarcWriter, captured
from newscrawl.cli import app
from newscrawl.models import Article, Capture, Kind, Result, Run, Settlement, State, Target
from newscrawl.store import open_store
from tests.daemons import free_port
from tests.examples import START, article

PAGE = "<html><title>大桥</title><p>新大桥开通</p></html>".encode("gb18030")
STORE, ARCHIVE = "sqlite:///archive/newscrawl.db", "archive/warc"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working directory, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("NEWSCRAWL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSCRAWL_BROWSER_PROGRAMS", "none")  # what a crawl finds must not depend on what this machine has
    return tmp_path


@pytest.fixture
def filled(here):
    """A working directory after a crawl of two sites."""
    asyncio.run(fill())
    return here


async def fill():
    writer = WarcWriter(Path(ARCHIVE), rotate_bytes=10**9, compression=1, info={})
    exchange = Exchange(url="https://gazette.example/1", time=START, status=200, headers=(("Content-Type", "text/html"),), payload=PAGE)
    (capture,) = writer.write([(captured(exchange, id="c1", site="gazette", target="t1"), exchange)])
    writer.close()
    await settle(
        article(1, title="新大橋開通", text="市民走過新大橋。\n“Open at last.”", capture="c1"),
        article(2, title="Council votes", text="The city council votes on the bridge.", capture="lost"),
        article(3, title="=cmd()", text="A bridge elsewhere.", site="herald", url="https://herald.example/3"),
        capture=capture,
    )


async def settle(*articles: Article, capture: Capture | None = None) -> None:
    """Store the articles, the capture with the first, and a run."""
    store = open_store(STORE)
    await store.open()
    for one in articles:
        target = Target(id=f"t{one.id}", site=one.site, url=one.url, kind=Kind.ARTICLE, due=START, state=State.DONE, result=Result.ARTICLE)
        await store.settle([Settlement(target=target, capture=capture, article=one)])
        capture = None
    await store.save_run(Run(id="r1", site="gazette", started=START, ended=START, outcome="finished", counters={"new": 2, "article": 2}))
    await store.close()


def run(*arguments: str, code: int = 0):
    """What `newscrawl ARGUMENTS` prints, given that it exits with `code`."""
    result = CliRunner().invoke(app, arguments, prog_name="newscrawl")
    assert result.exit_code == code, result.output
    return result


def process(*arguments: str, code: str = "from newscrawl.cli import main; main()", **options: object) -> subprocess.Popen[str]:
    """`newscrawl ARGUMENTS` as a process of its own, where that matters."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], text=True, env=environment, **pipes)


# crawling


def test_the_demo_crawls_searches_and_says_where_to_look_next(here):
    with process("demo", "--port", str(free_port(2))) as running:
        text, said = running.communicate(timeout=100)
    assert running.returncode == 0, said
    assert re.search(r"^luting +\S+ \S+ +15 .* finished", text, re.MULTILINE)
    assert re.search(r"^pellbrook +\S+ \S+ +11 .* finished", text, re.MULTILINE)
    found, follow = re.findall(r"luting · .* · (\w{10})$", text, re.MULTILINE), re.findall(r" show (\w{10}) ", text)
    assert follow
    assert follow[0] in found
    store = re.findall(r"NEWSCRAWL_STORE=(\S+)", text)[0]
    assert "渡船" in run("show", follow[0], "--store", store).stdout


def test_a_port_that_is_taken_is_named(here):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"can't serve on 127.0.0.1:{port}" in run("demo", "--port", port, code=2).stderr


# asking


def test_search_finds_either_script_newest_first(filled):
    assert "新大橋開通" in run("search", "新大桥").stdout
    text = run("search", "bridge").stdout
    assert text.index("=cmd()") < text.index("Council votes")
    assert "gazette · 2026-08-01 08:00 · 0000000200" in text
    assert run("search", "新大桥", "--site", "herald").stdout == ""


def test_a_phrase_a_span_and_a_limit(filled):
    assert "Council" in run("search", "city council").stdout
    assert run("search", "council city").stdout == ""
    assert run("search", "council", "city").stdout
    assert run("search", "bridge", "--since", "2026-08-02").stdout == ""
    assert run("search", "bridge", "--until", "2026-08-01").stdout
    assert run("search", "bridge", "--limit", "1").stdout.count("2026-08-01") == 1


def test_without_words_the_newest_are_listed(filled):
    assert run("search").stdout.count(" · 2026-08-01 ") == 3


def test_nothing_found_is_said_on_stderr(filled):
    result = run("search", "absent")
    assert (result.stdout, result.stderr) == ("", "Nothing found.\n")


def test_json_is_one_article_a_line(filled):
    lines = run("search", "bridge", "--json").stdout.splitlines()
    assert [json.loads(line)["site"] for line in lines] == ["herald", "gazette"]


@pytest.mark.parametrize("key", ["00000001", "0" * 7 + "1" + "0" * 24, "https://gazette.example/1"])
def test_show_takes_an_id_its_beginning_or_an_address(filled, key):
    text = run("show", key).stdout
    assert "新大橋開通" in text
    assert "“Open at last.”" in text
    assert json.loads(run("show", key, "--json").stdout)["capture"] == "c1"


def test_show_html_gives_the_bytes_that_were_served(filled):
    assert run("show", "00000001", "--html").stdout_bytes == PAGE


def test_show_why_explains_the_fields(filled):
    text = run("show", "00000001", "--why").stdout
    assert "新大橋開通" in text
    assert "published" in text


def test_what_show_cannot_show_is_named(filled):
    assert "no such article" in run("show", "ffffffff", code=2).stderr
    assert "names no capture" in run("show", "00000002", "--html", code=4).stderr
    for file in Path(ARCHIVE).iterdir():
        file.unlink()
    assert "can't be read" in run("show", "00000001", "--html", code=5).stderr


def test_export_writes_a_whole_file_or_none(filled):
    result = run("export", "--format", "csv", "--out", "all.csv")
    assert result.stdout == ""
    assert "3 articles written to all.csv" in result.stderr
    rows = list(csv.DictReader(io.StringIO(Path("all.csv").read_text("utf-8"), newline="")))
    assert [row["title"] for row in rows] == ["新大橋開通", "Council votes", "'=cmd()"]
    assert "make it first" in run("export", "--out", "nowhere/all.jsonl", code=2).stderr
    assert sorted(path.name for path in Path().iterdir()) == ["all.csv", "archive"]


def test_export_to_stdout_is_only_the_export(filled):
    lines = run("export", "--site", "gazette").stdout.splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["新大橋開通", "Council votes"]


def test_runs(filled):
    assert "finished" in run("runs").stdout


# mistakes, each with its exit code


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "x"], 4, "archive/newscrawl.db: there is no such file"),
        (["search", "!!"], 2, "holds no word"),
        (["search", "x", "--since", "soon"], 2, "'soon' is no date"),
        (["search", "since:2026-08 until:2026-07"], 2, "since: lies after until:"),
        (["export", "--out", "."], 2, "is a folder: name a file"),
        (["export", "--out", ""], 2, "is a folder: name a file"),
        (["export", "--out", "x" * 300], 2, "this name is too long"),
        (["export", "--out", "no/dir/a.csv"], 2, "there is no folder no/dir: make it first"),
        (["archive", "import", "."], 2, ". is a folder: name a WARC file"),
        (["show", "ffffffff", "--json", "--html"], 2, "--html and --json can't be shown together: choose one"),
        (["show", "ffffffff", "--why", "--aliases"], 2, "--why and --aliases can't be shown together: choose one"),
        (["search", "x", "--limit", "0"], 2, "Invalid value for '--limit'"),
        (["search", "x", "--store", "mysql://x"], 2, "no store can be opened"),
        (["crawl"], 2, "name sites or addresses"),
        (["crawl", "--all"], 2, "no site is configured"),
        (["crawl", "gazette", "--all"], 2, "leave out the names"),
        (["crawl", "gazette"], 3, "no site is named gazette: give an address such as https://gazette.example/, or write"),
        (["crawl", "mailto:desk@gazette.example"], 2, "has to begin with https://"),
        (["crawl", "https://"], 2, "not the address of a web site"),
        (["serch"], 2, "Did you mean 'search'"),
    ],
)
def test_a_mistake_is_one_clear_message(here, arguments, code, said):
    result = run(*arguments, code=code)
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert not (here / "archive").exists()


def test_who_looks_for_the_demo_s_articles_elsewhere_is_told_where_they_are(here):
    demo = here / "archive" / "demo" / "newscrawl.db"
    demo.parent.mkdir(parents=True)
    demo.touch()
    for command in (["search", "x"], ["serve"], ["reextract"]):
        said = " ".join(run(*command, code=4).stderr.split())
        assert said.endswith("what the demo has crawled is in --store sqlite:///archive/demo/newscrawl.db")


def test_a_misspelt_variable_is_named(here, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_ARCHVE", "x")
    assert "Did you mean 'NEWSCRAWL_ARCHIVE'?" in run("doctor", code=3).stderr


@pytest.mark.usefixtures("filled")
def test_a_site_that_was_never_crawled_has_no_runs():
    said = " ".join(run("runs", "--site", "nosuch", code=2).stderr.split())
    assert "No crawl of nosuch is known; `newscrawl sites` lists the sites" in said


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", ["show", "diff"])
def test_an_address_that_is_unknown_is_told_as_such(command):
    said = " ".join(run(command, "https://gazette.example/nothing", code=2).stderr.split())
    assert "no article is known at this address; words of its headline may find it" in said


def test_a_store_that_does_not_answer_is_named(here):
    # A process, because pymongo leaves a socket behind when it is closed in the middle of connecting.
    with process("runs", "--store", "mongodb://127.0.0.1:9/x?serverSelectionTimeoutMS=300") as running:
        text, said = running.communicate(timeout=60)
    assert (running.returncode, text) == (4, "")
    assert said.startswith("newscrawl: mongodb://127.0.0.1:9/x")
    assert said.count("\n") == 1


def test_a_wrong_key_in_a_site_file_names_file_and_key(here):
    sites = here / "settings" / "sites"
    sites.mkdir(parents=True)
    (sites / "valley.toml").write_text('url = "https://valley.example/"\nlistng = ["/city/"]')
    said = run("crawl", "valley", code=3).stderr
    assert "settings/sites/valley.toml: unknown key listng. Did you mean 'listing'?" in said


def test_a_store_that_is_no_database_is_named(here):
    (here / "notes.txt").write_text("no database\n" * 100)
    assert "no SQLite file" in run("runs", "--store", "sqlite:///notes.txt", code=4).stderr


def test_debug_shows_where_an_error_comes_from(here):
    assert "Traceback" in run("--debug", "search", "x", code=4).stderr


# looking after


def test_db_init_says_what_it_did(here):
    assert run("db", "init").stdout.strip() not in ("", "Nothing to do.")
    assert run("db", "init").stdout.strip() == "Nothing to do."


def test_doctor_is_content_with_an_empty_folder_and_leaves_it_empty(here):
    text = run("doctor").stdout
    assert "not there yet" in text
    assert __version__ in text
    assert list(here.iterdir()) == []


def test_doctor_counts_what_is_there(filled):
    text = run("doctor", code=1).stdout
    assert "3 articles of 2 sites, 1 capture; the capture of https://" in text, "two articles have none that is known"
    assert "1 WARC file\n" in re.sub(r" +\n", "\n", text)


def test_doctor_tells_what_becomes_of_pages_made_by_scripts(here):
    text = " ".join(run("doctor").stdout.split())
    assert "pages made by scripts are reported, not read; to read them, install " in text


def test_doctor_fails_when_something_does(here):
    (here / "file").write_text("in the way")
    result = run("doctor", "--archive", "file/warc", "--store", "sqlite:///file", code=1)
    lines = {line.split()[1]: line.split()[0] for line in result.stdout.splitlines() if line[:1].strip() and not line.startswith(" ")}
    assert (lines["store"], lines["archive"], lines["settings"]) == ("bad", "bad", "ok")


# the process


def test_the_store_can_be_named_by_the_environment_or_an_option(filled, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_STORE", "sqlite:///elsewhere.db")
    assert "elsewhere.db" in run("runs", code=4).stderr
    assert "finished" in run("runs", "--store", STORE).stdout


def test_a_pipe_gets_no_colours_and_no_broken_lines(filled):
    with process("search", "bridge") as running:
        text, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "\x1b" not in text
    assert "  The city council votes on the bridge." in text.splitlines()


def test_a_reader_that_goes_away_is_no_error(filled):
    read, write = os.pipe()
    os.close(read)
    with process("export", stdout=write) as running:
        os.close(write)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (141, "")


def test_ctrl_c_ends_with_130_and_without_a_traceback(filled):
    for number in (4, 5):  # more than a pipe holds, so that the process has to wait; the second one, so that it is not yet at its end
        asyncio.run(settle(article(number, text="long " * 100_000)))
    with process("export") as running:
        assert running.stdout.read(1) == "{"
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in said


def test_asking_never_loads_scrapy(filled):
    code = (
        "import sys; from newscrawl.cli import app; app(sys.argv[1:], standalone_mode=False); print({'scrapy', 'twisted'} & {*sys.modules})"
    )
    with process("search", "bridge", code=code) as running:
        text, _ = running.communicate(timeout=60)
    assert text.splitlines()[-1] == "set()"


def test_version(here):
    assert run("--version").stdout == f"newscrawl {__version__}\n"
