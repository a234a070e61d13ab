"""What holds for every format: whole or not there, gone on with after a kill, nothing missing and nothing twice."""

import sqlite3
import tracemalloc

import pytest

from newscrawl.errors import InputError
from newscrawl.query.export import work
from newscrawl.query.export.work import Mark, asked_as
from newscrawl.store.protocol import Search
from tests.query.export.writers import FOLDERS, FORMS, LINES, exported, fields, left, read
from tests.store.records import article, holding, hours

every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


class KilledError(Exception):
    """A kill, at a moment of the test's choice."""


def killing(at):
    """Raises when so many calls were heard."""
    calls = 0

    def heard(_):
        nonlocal calls
        calls += 1
        if calls == at:
            raise KilledError

    return heard


@pytest.fixture(autouse=True)
def few_at_a_time(monkeypatch):
    monkeypatch.setattr(work, "EVERY", 7)
    monkeypatch.setattr("newscrawl.web.copy.PER_PAGE", 9)


async def expected(form, articles):
    told = {}
    for one in articles:
        identity, site, *rest = fields(one)
        told[identity] = (identity, site, *map(form.shown, rest))
        if form.name == "html":
            told[identity] = (*told[identity][:4], "", told[identity][5])
    return told


@every_form
async def test_all_articles_are_read_back(store, articles, form, tmp_path):
    out = tmp_path / "out" / "all"
    out.parent.mkdir()
    heard = []
    mark = await exported(store, form, out, heard=heard.append)
    assert (mark.count, mark.whole) == (60, True)
    assert heard[-1] in (56, 60, 120)
    assert heard == sorted(heard)
    assert read(form, out, articles) == await expected(form, articles)
    assert left(out.parent) == {"all"}


@every_form
async def test_a_killed_export_goes_on_and_comes_to_the_same(store, articles, form, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    out, kills, counts = folder / "all", 0, []
    for at in range(3, 40):
        try:
            mark = await exported(store, form, out, heard=killing(at))
        except KilledError:
            kills += 1
            assert not out.exists()
            writer = form.writer(out, "q", store)
            counts.append(writer.mark.count)
            writer.close()
        else:
            break
    assert kills >= 2
    assert counts == sorted(counts)
    assert counts[0] == 21
    assert mark.count == 60
    assert read(form, out, articles) == await expected(form, articles)
    assert left(folder) == {"all"}


@every_form
async def test_what_was_not_saved_is_undone(store, articles, form, tmp_path):
    writer = form.writer(tmp_path / "all", "q", store)
    await writer.add(articles[:5])
    writer.save(Mark(5, articles[4].first_seen, articles[4].id))
    await writer.add(articles[5:9])
    writer.close()
    assert (await exported(store, form, tmp_path / "all")).count == 60
    assert read(form, tmp_path / "all", articles) == await expected(form, articles)


@every_form
async def test_memory_is_bounded_however_many_articles_there_are(monkeypatch, form, tmp_path):
    class Endless:
        """A store that makes its articles as they are asked for."""

        def __init__(self, count):
            self.count = count

        async def articles(self, _query, _after=None):
            for at in range(self.count):
                yield article(f"{at}", "A long text. " * 3000, first_seen=hours(at))

        async def clusters(self, _labels):
            return []

    async def peak(count):
        tracemalloc.start()
        await exported(Endless(count), form, tmp_path / f"{count}")
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    monkeypatch.setattr("newscrawl.query.export.parquet._ROWS", 7)
    await exported(Endless(20), form, tmp_path / "first")  # what is loaded once is not counted
    assert await peak(60) < await peak(21) + 1_000_000  # bytes; the texts of 39 articles are one and a half times that


@every_form
async def test_nothing_that_was_begun_for_another_question_is_gone_on_with(store, articles, form, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "all"
    with pytest.raises(KilledError):
        await exported(store, form, out, question="another", heard=killing(2))
    mark = await exported(store, form, out)
    assert mark.count == 60
    assert read(form, out, articles) == await expected(form, articles)
    assert left(folder) == {"all"}


@every_form
async def test_what_comes_while_an_export_is_stopped_is_in_it(store, articles, form, tmp_path):
    out = tmp_path / "all"
    with pytest.raises(KilledError):
        await exported(store, form, out, heard=killing(2))
    late = article("late", "Too late?", first_seen=hours(9999))
    await store.settle(holding(late))
    assert (await exported(store, form, out)).count == 61
    assert read(form, out, [*articles, late]) == await expected(form, [*articles, late])


@pytest.mark.parametrize("form", LINES, ids=lambda form: form.name)
async def test_a_file_cut_off_or_overwritten_is_begun_anew(store, articles, form, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "all"
    with pytest.raises(KilledError):
        await exported(store, form, out, heard=killing(2))
    for path in [path for path in folder.iterdir() if path.is_file()]:
        path.write_bytes(b"\0not what it was")
    assert (await exported(store, form, out)).count == 60
    assert read(form, out, articles) == await expected(form, articles)


@every_form
async def test_what_no_export_began_is_left_alone(store, form, tmp_path):
    """Files and folders under the names that an export writes to."""
    notes = tmp_path / "all.part" / "notes"
    notes.parent.mkdir()
    notes.write_bytes(b"kept")
    with pytest.raises(InputError, match=r"all\.part is there, and is no export that was begun"):
        form.writer(tmp_path / "all", "q", store)
    for name in ("some.part", "some.part.db"):
        (tmp_path / name).write_bytes(b"kept")
    with sqlite3.connect(tmp_path / "other.part") as db:
        db.execute("CREATE TABLE kept(a)")
    (tmp_path / "other.part.db").write_bytes((tmp_path / "other.part").read_bytes())
    db.close()
    for name in ("some", "other"):
        with pytest.raises(InputError, match="is no export that was begun: move it away"):
            form.writer(tmp_path / name, "q", store)
    assert notes.read_bytes() == (tmp_path / "some.part").read_bytes() == (tmp_path / "some.part.db").read_bytes() == b"kept"
    assert b"CREATE TABLE kept" in (tmp_path / "other.part").read_bytes()
    assert b"CREATE TABLE kept" in (tmp_path / "other.part.db").read_bytes()


@pytest.mark.parametrize("kept", [b"kept", b"", None], ids=["bytes", "empty", "database"])
@pytest.mark.parametrize("form", FOLDERS, ids=lambda form: form.name)
async def test_a_foreign_file_where_articles_would_be_gathered_outlives_a_refused_export(store, form, tmp_path, kept):
    (tmp_path / "all").mkdir()
    foreign = tmp_path / "all.part.db"
    if kept is None:
        with sqlite3.connect(foreign) as db:
            db.execute("CREATE TABLE kept(a)")
        db.close()
    else:
        foreign.write_bytes(kept)
    before = foreign.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        form.writer(tmp_path / "all", "q", store)
    assert foreign.read_bytes() == before
    (tmp_path / "all").rmdir()
    notes = tmp_path / "all.part" / "notes"
    notes.parent.mkdir()
    notes.write_bytes(b"kept")
    with pytest.raises(InputError, match="is no export that was begun: move it away"):
        form.writer(tmp_path / "all", "q", store)
    assert (foreign.read_bytes(), notes.read_bytes()) == (before, b"kept")


@pytest.mark.parametrize("form", FOLDERS, ids=lambda form: form.name)
async def test_what_a_folder_was_made_of_goes_if_a_kill_left_it(store, form, tmp_path):
    form.writer(tmp_path / "all", "q", store).close()
    (tmp_path / "all").mkdir()
    with pytest.raises(InputError, match="is there already"):
        form.writer(tmp_path / "all", "q", store)
    assert "all" in left(tmp_path)
    assert "all.part.db" not in left(tmp_path)


@pytest.mark.parametrize("form", LINES, ids=lambda form: form.name)
@pytest.mark.parametrize("kept", [b'{"question": 1}', b"kept", b""])
async def test_a_foreign_file_where_the_state_would_be_saved_is_left_alone(store, form, tmp_path, kept):
    (tmp_path / "all.part.json").write_bytes(kept)
    with pytest.raises(InputError, match=r"all\.part\.json is there, and is no export that was begun"):
        form.writer(tmp_path / "all", "q", store)
    assert "all.part" not in left(tmp_path)
    assert (tmp_path / "all.part.json").read_bytes() == kept


@every_form
async def test_an_export_that_was_killed_at_its_very_beginning_is_gone_on_with(store, articles, form, tmp_path):
    form.writer(tmp_path / "all", "q", store).close()
    assert (await exported(store, form, tmp_path / "all")).count == 60
    assert read(form, tmp_path / "all", articles) == await expected(form, articles)


@every_form
async def test_two_at_once_are_refused(store, articles, form, tmp_path):
    writer = form.writer(tmp_path / "all", "q", store)
    with pytest.raises(InputError, match="is being written by another process"):
        form.writer(tmp_path / "all", "q", store)
    writer.close()


@every_form
async def test_nothing_found_is_an_empty_export(store, form, tmp_path):
    assert await exported(store, form, tmp_path / "all") == Mark(whole=True)
    assert (tmp_path / "all").exists()
    assert read(form, tmp_path / "all", []) == {} if form.name != "parquet" else not list((tmp_path / "all").iterdir())


@pytest.mark.parametrize("form", FOLDERS, ids=lambda form: form.name)
async def test_a_folder_is_never_written_over(store, articles, form, tmp_path):
    out = tmp_path / "all"
    await exported(store, form, out)
    with pytest.raises(InputError, match="is there already"):
        form.writer(out, "q", store)
    assert read(form, out, articles) == await expected(form, articles)


@pytest.mark.parametrize("form", [*LINES, FORMS[2]], ids=lambda form: form.name)
async def test_a_file_is_replaced_when_the_new_one_is_whole(store, articles, form, tmp_path):
    out = tmp_path / "all"
    out.write_text("the former one")
    with pytest.raises(KilledError):
        await exported(store, form, out, heard=killing(2))
    assert out.read_text() == "the former one"
    await exported(store, form, out)
    assert read(form, out, articles) == await expected(form, articles)


def test_another_version_store_query_or_form_is_another_question(tmp_path, monkeypatch):
    asked = {
        asked_as("sqlite:///a.db", Search(), "csv"),
        asked_as("sqlite:///b.db", Search(), "csv"),
        asked_as("sqlite:///a.db", Search(("ferry",)), "csv"),
        asked_as("sqlite:///a.db", Search(), "csv", "bom"),
    }
    asked.add(asked_as("sqlite:///a.db", Search(), "csv", taken_down=1))
    assert len(asked) == 5
    assert asked_as("sqlite:///a.db", Search(), "csv") in asked
    monkeypatch.chdir(tmp_path)
    assert asked_as("sqlite:///a.db", Search(), "csv") not in asked, "the same words in another folder mean another file"
    assert asked_as(f"sqlite:///{tmp_path}/a.db", Search(), "csv") == asked_as("sqlite:///a.db", Search(), "csv")
