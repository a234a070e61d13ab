"""The configuration: layers, names, and what is said about mistakes."""

import re
from pathlib import Path

import pytest

from newscrawl import __version__
from newscrawl.config import knob_names, load_config, shipped_folder
from newscrawl.errors import ConfigError

ROOT = Path(__file__).parents[1]

SHIPPED = shipped_folder() / "newscrawl.toml"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def own_settings(folder: Path, **files: str) -> Path:
    """A settings folder with these files."""
    settings = folder / "settings"
    settings.mkdir()
    for name, text in files.items():
        (settings / f"{name}.toml").write_text(text, "utf-8")
    return settings


def message(**environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(environment)
    return str(caught.value)


def test_the_shipped_file_is_found_from_anywhere(here):
    config = load_config({})
    assert config.files == (SHIPPED,)
    assert config.sites_folder == SHIPPED.parent / "sites"
    assert config.store.uri == "sqlite:///archive/newscrawl.db"
    assert config.archive_folder == Path("archive/warc")


def test_every_knob_has_its_reason_above_it():
    lines = SHIPPED.read_text("utf-8").splitlines()
    explained = {lines[at].split(" =")[0] for at in range(1, len(lines)) if " = " in lines[at] and lines[at - 1].startswith("# ")}
    assert explained >= {name.partition(".")[2] for name in knob_names()}


def test_delay_and_concurrency_are_polite_by_default(here):
    crawl = load_config({}).crawl
    assert (crawl.delay, crawl.concurrency, crawl.allow_private) == (1.0, 1, ())


def test_layers_win_in_their_order(here):
    own_settings(here, newscrawl="[crawl]\ndelay = 2\nwindow = 7\nmax_hops = 1\ntimeout = 5.5", night="[crawl]\nwindow = 8\nmax_hops = 2")
    environment = {"NEWSCRAWL_PROFILE": "night", "NEWSCRAWL_CRAWL_MAX_HOPS": "3", "NEWSCRAWL_STORE": "sqlite:///e.db"}
    config = load_config(environment, overrides={"store.uri": "sqlite:///o.db", "archive.folder": None})
    assert (config.crawl.timeout, config.crawl.window, config.crawl.max_hops) == (5.5, 8, 3)
    assert (config.store.uri, config.archive.folder) == ("sqlite:///o.db", "archive/warc")
    assert config.crawl.delay == 2.0
    assert [path.name for path in config.files] == ["newscrawl.toml", "newscrawl.toml", "night.toml"]


def test_a_folder_with_sites_only_is_ours_too(here):
    (here / "settings" / "sites").mkdir(parents=True)
    assert load_config({}).sites_folder == Path("settings/sites")


def test_site_files_are_written_where_we_are_unless_settings_of_our_own_are_in_force(here):
    """Not to the installation, from whose settings a program takes what it finds nowhere else."""
    assert load_config({}).own_sites_folder == Path("settings/sites")
    assert load_config({"NEWSCRAWL_SETTINGS": str(own_settings(here, newscrawl=""))}).own_sites_folder == here / "settings" / "sites"


def test_a_settings_folder_of_another_program_is_left_alone(here):
    own_settings(here, django="x = 1")
    assert load_config({}).folder == shipped_folder()


def test_the_environment_names_the_folder(here):
    own_settings(here, newscrawl="[progress]\nperiod = 3")
    (here / "settings").rename(here / "elsewhere")
    assert load_config({"NEWSCRAWL_SETTINGS": "elsewhere"}).progress.period == 3.0
    assert "NEWSCRAWL_SETTINGS = nowhere" in message(NEWSCRAWL_SETTINGS="nowhere")


def test_every_knob_can_be_set_by_the_environment(here):
    config = load_config({})
    for name in knob_names():
        section, _, key = name.partition(".")
        value = getattr(getattr(config, section), key)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        again = load_config({f"NEWSCRAWL_{section}_{key}".upper(): text})
        assert getattr(getattr(again, section), key) == value


def test_a_list_in_the_environment_is_divided_by_commas(here):
    assert load_config({"NEWSCRAWL_BROWSER_PROGRAMS": "brave,/opt/chromium"}).browser.programs == ("brave", "/opt/chromium")
    assert load_config({"NEWSCRAWL_CRAWL_ALLOW_PRIVATE": "127.0.0.1, 10.0.0.0/8"}).crawl.allow_private == ("127.0.0.1", "10.0.0.0/8")


def test_production_is_a_profile(here):
    config = load_config({"NEWSCRAWL_PROFILE": "production"})
    assert Path(config.archive.folder).is_absolute()
    assert config.files[-1] == shipped_folder() / "production.toml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\ndlay = 1", "unknown key crawl.dlay. Did you mean 'delay'? Allowed: delay, concurrency"),
        ("[crwl]\ndelay = 1", "unknown key crwl. Did you mean 'crawl'?"),
        ("[crawl]\ndelay = 0", "crawl.delay = 0: expected a number >= 0.001"),
        ("[crawl]\ndelay = nan", "crawl.delay = nan: expected a number >= 0.001"),
        ("[crawl]\ndelay = true", "crawl.delay = true: expected a number, got true or false"),
        ('[crawl]\nwindow = "32"', 'crawl.window = "32": expected a whole number, got text'),
        ("[crawl]\nallow_private = ['a', 3]", "crawl.allow_private[1] = 3: expected text"),
        ('[crawl]\nuser_agent = "Mozilla/5.0"', 'crawl.user_agent = "Mozilla/5.0": expected text'),
        ("[archive]\ncompression = 10", "archive.compression = 10: expected a whole number <= 9"),
        ("crawl = 3", "crawl = 3: expected a table"),
        ("[crawl]\ndelay = ", "not valid TOML: Invalid value (at end of document)"),
        ("[crawl]\n\ndelay 1", "not valid TOML: Expected '=' after a key in a key/value pair (at line 3, column 7)"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_is_allowed(here, text, said):
    own_settings(here, newscrawl=text)
    found = message()
    assert found.startswith("settings/newscrawl.toml: ")
    assert said in found


def test_a_mistake_in_a_profile_names_the_profiles_file(here):
    own_settings(here, newscrawl="", night="[store]\nurl = ''")
    assert message(NEWSCRAWL_PROFILE="night").startswith("settings/night.toml: unknown key store.url. Did you mean 'uri'?")


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("NEWSCRAWL_CRAWL_DLAY", "1", "Did you mean 'NEWSCRAWL_CRAWL_DELAY'?"),
        ("NEWSCRAWL_ARCHVE", "x", "Did you mean 'NEWSCRAWL_ARCHIVE'?"),
        ("NEWSCRAWL_PROFIL", "x", "Did you mean 'NEWSCRAWL_PROFILE'?"),
        ("NEWSCRAWL_FOO", "", "unknown variable NEWSCRAWL_FOO."),
        ("NEWSCRAWL_CRAWL_DELAY", "0", 'NEWSCRAWL_CRAWL_DELAY = "0": expected a number >= 0.001'),
        ("NEWSCRAWL_CRAWL_WINDOW", "many", 'NEWSCRAWL_CRAWL_WINDOW = "many": expected a whole number'),
        ("NEWSCRAWL_PROFILE", "prod", "settings/prod.toml: no such file. Profiles here: production"),
        ("NEWSCRAWL_PROFILE", "../x", "no such file"),
    ],
)
def test_a_mistake_in_the_environment_is_named(here, variable, text, said):
    own_settings(here, newscrawl="")
    assert said in message(**{variable: text})


def test_those_of_the_tests_of_measurements_and_of_kubernetes_are_not_our_business(here):
    theirs = ("TEST_MONGODB_URI", "TEST_AMQP_URI", "SHARED", "FOLDS", "BENCHMARK_INSIDE", "SERVICE_HOST", "PORT_80_TCP_ADDR")
    load_config({f"NEWSCRAWL_{name}": "x" for name in theirs} | {"NEWSCRAWL_STORE": ""})


def test_every_variable_that_the_project_reads_is_known(here):
    sources = [path for room in ("newscrawl", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")]
    read = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\(|environment\.get\()["'](NEWSCRAWL_\w+)""")
    names = {name for path in sources for name in read.findall(path.read_text())}
    assert len(names) >= 6
    for name in names - {"NEWSCRAWL_PROFILE", "NEWSCRAWL_SETTINGS"}:
        load_config({name: ""})


def test_an_unknown_override_is_refused(here):
    with pytest.raises(ConfigError, match=r"unknown knob crawl\.dely\. Did you mean 'crawl\.delay'"):
        load_config({}, overrides={"crawl.dely": 1})


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("https://example.org/bot", f"newscrawl/{__version__} (+https://example.org/bot)"),
        ("", f"newscrawl/{__version__} (no contact given)"),
    ],
)
def test_the_user_agent_says_who_and_how_to_reach_them(here, contact, agent):
    assert load_config({}, overrides={"crawl.contact": contact}).user_agent == agent


def test_no_header_can_be_smuggled_into_the_user_agent(here):
    for key in ("crawl.contact", "crawl.user_agent"):
        with pytest.raises(ConfigError, match=re.escape(key)):
            load_config({}, overrides={key: "newscrawl\r\nCookie: a"})
