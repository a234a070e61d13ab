"""The knobs of newscrawl: settings/newscrawl.toml <- the folder's own newscrawl.toml <- profile <- environment <- command line.

The records have no defaults: the shipped newscrawl.toml is where they stand, each with its reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin
from urllib.parse import quote

import msgspec
from msgspec import Meta, Struct

from newscrawl import __version__
from newscrawl.errors import ConfigError
from newscrawl.toml import allowed, checked, did_you_mean, mistake, read_toml

Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Bytes = Annotated[int, Meta(ge=1_000, le=1_000_000_000_000)]
Seconds = Annotated[float, Meta(ge=0.001, le=86_400)]
Minutes = Annotated[float, Meta(ge=0.01, le=525_600)]

_INSTALLED = Path(__file__).parent / "settings"  # where the wheel has them
_SHORT = {"NEWSCRAWL_STORE": "store.uri", "NEWSCRAWL_ARCHIVE": "archive.folder", "NEWSCRAWL_QUEUE": "schedule.queue"}
_PLACES = ("NEWSCRAWL_PROFILE", "NEWSCRAWL_SETTINGS")  # which say where knobs are read
_FOREIGN = (
    *("NEWSCRAWL_TEST_", "NEWSCRAWL_BENCHMARK_", "NEWSCRAWL_SHARED", "NEWSCRAWL_FOLDS"),  # of the project's tests and measurements
    *("NEWSCRAWL_SERVICE_", "NEWSCRAWL_PORT"),  # Kubernetes sets these beside a service called newscrawl
)


class StoreKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [store]."""

    uri: Annotated[str, Meta(min_length=1)]
    batch_size: Count
    batch_seconds: Seconds
    batch_bytes: Bytes


class ArchiveKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [archive]."""

    folder: Annotated[str, Meta(min_length=1)]
    local: Annotated[str, Meta(min_length=1)]
    rotate_bytes: Bytes
    compression: Annotated[int, Meta(ge=1, le=9)]


class CrawlKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [crawl]."""

    delay: Seconds
    concurrency: Annotated[int, Meta(ge=1, le=64)]
    total_concurrency: Annotated[int, Meta(ge=1, le=1_000)]
    timeout: Seconds
    max_bytes: Bytes
    memory_mb: Annotated[int, Meta(ge=128, le=1_000_000)]
    user_agent: Annotated[str, Meta(pattern=r"^newscrawl\b[^\r\n]*$")]  # sites must be able to name us in robots.txt
    contact: Annotated[str, Meta(pattern=r"^[^\s()]*$")]
    max_depth: Count
    max_hops: Annotated[int, Meta(ge=0, le=20)]
    max_tries: Annotated[int, Meta(ge=1, le=100)]
    retry_seconds: Seconds
    lease_seconds: Annotated[float, Meta(ge=1, le=86_400)]
    patience: Annotated[float, Meta(ge=0, le=86_400)]
    allow_private: tuple[Annotated[str, Meta(min_length=1)], ...]
    crawl_delay_max: Seconds
    robots_bytes: Bytes
    review_days: Annotated[float, Meta(ge=0, le=3_650)]
    window: Annotated[int, Meta(ge=1, le=10_000)]
    read_articles: bool
    images: Annotated[int, Meta(ge=1, le=1_000)]
    image_bytes: Bytes
    image_pixels: Bytes


class BrowserKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [browser]."""

    programs: tuple[Annotated[str, Meta(min_length=1)], ...]
    sandbox: bool
    pages: Annotated[int, Meta(ge=1, le=32)]
    max_requests: Annotated[int, Meta(ge=1, le=1_000)]
    settle_seconds: Seconds


class ScheduleKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [schedule]."""

    shortest_minutes: Minutes
    longest_minutes: Minutes
    at_once: Annotated[int, Meta(ge=1, le=256)]
    run_minutes: Minutes
    grace_seconds: Seconds
    queue: str  # an address: what is wrong in it is told without its password


class HealthKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [health]."""

    webhook: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")]
    command: tuple[Annotated[str, Meta(min_length=1)], ...]
    timeout: Seconds


class WebKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [web]."""

    token: Annotated[str, Meta(pattern=r"^([!-~]{16,200})?$")]
    seconds: Seconds


class ProgressKnobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Section [progress]."""

    period: Seconds
    logs: Literal["text", "json"]


class Knobs(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that newscrawl.toml holds."""

    store: StoreKnobs
    archive: ArchiveKnobs
    crawl: CrawlKnobs
    browser: BrowserKnobs
    schedule: ScheduleKnobs
    health: HealthKnobs
    web: WebKnobs
    progress: ProgressKnobs


class Config(Knobs, frozen=True, kw_only=True):
    """The knobs of this run, and where they were found."""

    folder: Path  # holds sites/
    files: tuple[Path, ...]  # that were read, the strongest last

    @property
    def sites_folder(self) -> Path:
        """Where the site definitions are."""
        return self.folder / "sites"

    @property
    def own_sites_folder(self) -> Path:
        """Where to write a site definition: where they are, unless that is the installation's, which is not the user's to change."""
        return Path("settings/sites") if self.folder == shipped_folder() else self.sites_folder

    @property
    def archive_folder(self) -> Path:
        """Where the WARC files are, relative to the working directory unless absolute.

        Of an address such as s3://bucket/folder, the folder here in which they are written; see `archive.elsewhere`, which knows it by
        its name. Raises ConfigError for an address with a password.
        """
        address = self.archive.folder
        scheme, mark, rest = address.partition("://")
        if not mark:
            return Path(address)
        if not rest.strip("/"):
            raise ConfigError(f"archive.folder = {address}: an address names a folder, such as s3://bucket/folder")
        if "@" in rest.partition("/")[0]:
            raise ConfigError('archive.folder: no name or password in an address; see "WARC files elsewhere" in docs/commands.md')
        return Path(rest) if scheme == "file" else Path(self.archive.local) / quote(address.rstrip("/"), safe="")

    @property
    def user_agent(self) -> str:
        """The User-Agent header to send."""
        contact = self.crawl.contact
        agent = self.crawl.user_agent if contact else self.crawl.user_agent.replace("+{contact}", "no contact given")
        return agent.replace("{version}", __version__).replace("{contact}", contact)


def load_config(environment: Mapping[str, str] | None = None, *, overrides: Mapping[str, Any] | None = None) -> Config:
    """The configuration of this run. `overrides` are knobs by name, such as {"store.uri": …}; None values don't count.

    Raises ConfigError for a missing or invalid file, an unknown key, and a value out of range.
    """
    environment = os.environ if environment is None else environment
    folder = settings_folder(environment)
    files = list(_files(folder, environment.get("NEWSCRAWL_PROFILE", "")))
    content: dict[str, Any] = {}
    for path in files:
        content = _merged(content, read_toml(path))
        knobs = checked(content, Knobs, str(path))  # after every file, so that an error names the file it came from
    for key, value, origin in (*_from_environment(environment), *_from_overrides(overrides or {})):
        section, _, name = key.partition(".")
        content = _merged(content, {section: {name: value}})
        knobs = checked(content, Knobs, origin)
    return Config(**msgspec.structs.asdict(knobs), folder=folder, files=tuple(files))


def settings_folder(environment: Mapping[str, str]) -> Path:
    """Where this run's own settings and sites are: NEWSCRAWL_SETTINGS, else ./settings if it is ours, else those of the clone we run from.

    Without any of them ./settings, where a user of the installed package may begin.
    """
    if named := environment.get("NEWSCRAWL_SETTINGS"):
        if not Path(named).is_dir():
            raise ConfigError(f"NEWSCRAWL_SETTINGS = {named}: no such folder")
        return Path(named)
    here = Path("settings")
    ours = (here / "newscrawl.toml").is_file() or (here / "sites").is_dir()
    return here if ours or _INSTALLED.is_dir() else shipped_folder()


def shipped_folder() -> Path:
    """The settings that came with this program: inside the package when installed, beside it in a clone."""
    return _INSTALLED if _INSTALLED.is_dir() else _INSTALLED.parents[1] / "settings"


def knob_names() -> list[str]:
    """All knobs as "section.key"."""
    return [f"{section.name}.{knob.name}" for section in msgspec.structs.fields(Knobs) for knob in msgspec.structs.fields(section.type)]


def _files(folder: Path, profile: str) -> Iterator[Path]:
    """The settings files of this run, the weakest first."""
    yield (shipped := shipped_folder() / "newscrawl.toml")
    own = folder / "newscrawl.toml"
    if own.is_file() and not own.samefile(shipped):
        yield own
    if profile:
        yield _profile_file(folder, profile)


def _profile_file(folder: Path, profile: str) -> Path:
    places = (folder, shipped_folder())
    known = sorted({path.stem for place in places for path in place.glob("*.toml")} - {"newscrawl"})
    if profile not in known:
        raise ConfigError(f"NEWSCRAWL_PROFILE = {profile}: {folder / profile}.toml: no such file. Profiles here: {', '.join(known)}")
    return next(path for place in places if (path := place / f"{profile}.toml").is_file())


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """The content of `below` with the keys of `above` in it, section by section."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = {**old, **value} if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    """Knob, value and name of each variable that sets a knob; the short names last, so they win."""
    by_variable = {"NEWSCRAWL_" + key.upper().replace(".", "_"): key for key in knob_names()}
    known = (*by_variable, *_SHORT, *_PLACES)
    for variable in environment:
        if variable.startswith("NEWSCRAWL_") and variable not in known and not variable.startswith(_FOREIGN):
            raise ConfigError(f"environment: unknown variable {variable}.{did_you_mean(variable, known)}")
    for variable, key in (*by_variable.items(), *_SHORT.items()):
        if text := environment.get(variable, ""):
            yield key, _value(key, text, variable), variable


def _value(key: str, text: str, variable: str) -> object:
    """The text of an environment variable as the knob's type."""
    section, _, name = key.partition(".")
    record = next(field.type for field in msgspec.structs.fields(Knobs) if field.name == section)
    kind = next(field.type for field in msgspec.structs.fields(record) if field.name == name)
    raw = re.split(r"\s*,\s*", text.strip()) if get_origin(kind) is tuple else text
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        raise mistake("environment", variable, text, allowed(str(error))) from None


def _from_overrides(overrides: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    known = knob_names()
    for key, value in overrides.items():
        if key not in known:
            raise ConfigError(f"command line: unknown knob {key}.{did_you_mean(key, known)}")
        if value is not None:
            yield key, value, "command line"
