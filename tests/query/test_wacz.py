"""WACZ files: everything in them has the digest that is claimed, and every line of the index leads to its record."""

import gzip
import hashlib
import json
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawl.archive.verify import verify_folder
from newscrawl.archive.wacz import DATA
from newscrawl.demo.serving import serve_demo
from newscrawl.models import Article
from newscrawl.query.wacz import export_wacz, steps
from newscrawl.store.conditions import Among, Field
from newscrawl.store.protocol import Search, Store
from tests.crawl.crawls import Place, Ran


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Both demo portals, visited twice: lists that have not changed are revisit records."""
    place = Place(tmp_path_factory.mktemp("crawled"))
    with serve_demo() as demo:
        place.crawl("-a", f"url={','.join(demo.homes)}", crawl_review_days=3650)
        demo.publish(2)
        place.crawl("-a", f"url={','.join(demo.homes)}", crawl_review_days=3650)
    assert [capture for capture in place.holding().captures if capture.refers_to]
    return place


def exported(place: Place, path: Path, *options: str, **knobs: float) -> Ran:
    return place.run("export", "--format", "wacz", "--out", str(path), *options, **knobs)


def content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_every_file_has_its_digest_and_warc_files_are_stored(place: Place, tmp_path: Path) -> None:
    assert exported(place, tmp_path / "all.wacz").code == 0
    held = content(tmp_path / "all.wacz")
    package = json.loads(held["datapackage.json"])
    assert package["wacz_version"] == "1.1.1"
    for resource in package["resources"]:
        data = held[resource["path"]]
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
    assert {resource["path"] for resource in package["resources"]} == set(held) - {"datapackage.json", "datapackage-digest.json"}
    assert json.loads(held["datapackage-digest.json"])["hash"] == f"sha256:{hashlib.sha256(held['datapackage.json']).hexdigest()}"
    with zipfile.ZipFile(tmp_path / "all.wacz") as packed:
        assert packed.getinfo(f"archive/{DATA}").compress_type == zipfile.ZIP_STORED
    assert [path.name for path in tmp_path.iterdir()] == ["all.wacz"]


def test_every_line_of_the_index_leads_to_its_record(place: Place, tmp_path: Path) -> None:
    exported(place, tmp_path / "all.wacz")
    held = content(tmp_path / "all.wacz")
    lines = gzip.decompress(held["indexes/index.cdx.gz"]).decode().splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == sum(capture.status != 304 for capture in place.holding().captures)
    for line in lines:
        entry = json.loads(line.split(" ", 2)[2])
        data = held[f"archive/{DATA}"][int(entry["offset"]) :][: int(entry["length"])]
        (record,) = list(ArchiveIterator(BytesIO(data)))
        assert record.rec_headers["WARC-Target-URI"] == entry["url"]
    table = held["indexes/index.idx"].decode().splitlines()
    place_of = json.loads(table[1].split(" ", 2)[2])
    piece = held["indexes/index.cdx.gz"][place_of["offset"] :][: place_of["length"]]
    assert gzip.decompress(piece).decode().startswith(" ".join(table[1].split(" ")[:2]))


def test_the_records_are_sound_for_us_and_for_warcio(place: Place, tmp_path: Path) -> None:
    exported(place, tmp_path / "all.wacz")
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / DATA).write_bytes(content(tmp_path / "all.wacz")[f"archive/{DATA}"])
    assert verify_folder(tmp_path / "warc").findings == []
    options = type("Options", (), {"inputs": [str(tmp_path / "warc" / DATA)], "verbose": False})
    assert Checker(options).process_all() == 0


def urls(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as packed:
        file = ArchiveIterator(BytesIO(packed.read(f"archive/{DATA}")))
        return {record.rec_headers["WARC-Target-URI"] for record in file if record.rec_type in {"response", "revisit"}}


def pages(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in content(path)["pages/pages.jsonl"].splitlines()[1:]]


def pages_of(article: Article, place: Place) -> set[str]:
    captures = {capture.id: capture.url for capture in place.holding().captures}
    return {captures[article.capture], *(captures[part.capture] for part in article.parts)}


def test_a_search_brings_its_articles_alone_with_all_their_pages_and_states(place: Place, tmp_path: Path) -> None:
    ran = exported(place, tmp_path / "some.wacz", "渡船")
    found = [article for article in place.holding().articles if "渡船" in article.text_search]
    assert ran.code == 0
    assert {page["url"] for page in pages(tmp_path / "some.wacz")} == {article.url for article in found}
    assert urls(tmp_path / "some.wacz") == set().union(*(pages_of(article, place) for article in found))
    assert f"{len(found)} articles" in ran.stderr


def test_a_site_and_a_time_can_be_chosen(place: Place, tmp_path: Path) -> None:
    holding = place.holding()
    site = min(article.site for article in holding.articles)
    exported(place, tmp_path / "site.wacz", "--site", site)
    assert urls(tmp_path / "site.wacz") == {capture.url for capture in holding.captures if capture.site == site}
    latest = max(article.published.time for article in holding.articles if article.published)
    day = (latest - timedelta(days=1)).strftime("%Y-%m-%d")
    exported(place, tmp_path / "new.wacz", "--since", day)
    assert 0 < len(pages(tmp_path / "new.wacz")) < len(holding.articles)


def test_what_finds_nothing_or_cannot_be_written_is_told(place: Place, tmp_path: Path) -> None:
    assert exported(place, tmp_path / "none.wacz", "--since", "2999").code == 5
    assert exported(place, tmp_path / "nowhere" / "a.wacz").code == 2
    assert place.run("export", "--format", "wacz").code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["all", "site", "words"])
def test_as_much_is_done_as_there_was_said_to_do(place: Place, tmp_path: Path, what: str) -> None:
    holding = place.holding()
    site = min(article.site for article in holding.articles)
    query = {"all": Search(), "site": Search(conditions=(Among(Field.SITE, (site,)),)), "words": Search(("渡船",))}[what]
    articles = [one for one in holding.articles if what == "all" or (one.site == site if what == "site" else "渡船" in one.text_search)]
    captures = [one for one in holding.captures if what == "all" or one.site == site]
    heard: list[int] = []

    async def export(store: Store) -> int:
        await export_wacz(store, Path(place.archive), query, tmp_path / "a.wacz", heard.append)
        return await steps(store, query)

    assert place.asked(export) == (2 * len(articles) if what == "words" else len(captures) + len(articles))
    assert heard == list(range(1, len(heard) + 1))
    assert len(heard) == place.asked(lambda store: steps(store, query))


def test_a_pipe_gets_lines_of_progress(place: Place, tmp_path: Path) -> None:
    ran = exported(place, tmp_path / "a.wacz", progress_period=0.001)
    lines = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith("{")]
    assert lines
    assert {(line["work"], line["of"]) for line in lines} == {("export to a.wacz", place.asked(lambda store: steps(store, Search())))}


def test_a_site_as_a_word_of_the_query_is_the_whole_site(place: Place, tmp_path: Path) -> None:
    holding = place.holding()
    site = min(article.site for article in holding.articles)
    assert exported(place, tmp_path / "site.wacz", f"site:{site}").code == 0
    assert urls(tmp_path / "site.wacz") == {capture.url for capture in holding.captures if capture.site == site}


def test_a_disk_without_room_is_told(place: Place, tmp_path: Path) -> None:
    """A limit on the size of files stands for it."""
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); from newscrawl.cli import main; main()"
    ran = place.crawl("export", "--format", "wacz", "--out", str(tmp_path / "all.wacz"), program=("-c", limited))
    assert ran.code == 5
    assert f"{tmp_path}/all.wacz: can't be written: File too large" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "goes on" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_lies_where_it_is_written_stays(place: Place, tmp_path: Path) -> None:
    (tmp_path / "all.wacz.part").write_text("kept")
    said = exported(place, tmp_path / "all.wacz", progress_period=0.001).stderr
    assert "remove it, or name another --out" in said
    assert '"done"' not in said  # it is said before anything is gathered
    assert (tmp_path / "all.wacz.part").read_text() == "kept"
