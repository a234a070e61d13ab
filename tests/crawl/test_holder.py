"""Names of processes, and whether these are alive."""

import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl import holder
from newscrawl.crawl.holder import has_died, holder_name
from tests.crawl.crawls import ROOT

SAY = "from newscrawl.crawl.holder import holder_name; print(holder_name(), flush=True); input()"


@pytest.fixture
def other() -> subprocess.Popen[str]:
    """A process that has said its name and waits."""
    with subprocess.Popen([sys.executable, "-c", SAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        process.kill()


def named(pid: int) -> str:
    return holder_name().replace(f":{os.getpid()}/", f":{pid}/")


def test_a_name_tells_the_process_and_is_used_once() -> None:
    assert re.fullmatch(rf".+:{os.getpid()}/[0-9a-f]{{12}}", holder_name())
    assert holder_name() != holder_name()


def test_the_living_and_the_dead(other: subprocess.Popen[str]) -> None:
    name = other.stdout.readline().strip()
    assert not has_died(name)
    assert not has_died(holder_name())
    assert not has_died(named(os.getppid()))
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert has_died(name), "nobody has asked for its exit code yet, but it is dead"
    other.wait()
    assert has_died(name)


def test_nothing_is_known_of_other_systems(other: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch) -> None:
    name = other.stdout.readline().strip()
    other.kill()
    other.wait()
    assert not has_died(name.replace("/", "/0000")[: len(name)])
    monkeypatch.setattr(holder, "_system", lambda: "")
    assert not has_died(name)
    assert not has_died(holder_name())


@given(st.text() | st.from_regex(r"[a-z:]*:\d*/[0-9a-f]*", fullmatch=True))
def test_any_other_name_is_nobody_who_died(name: str) -> None:
    assert not has_died(name)
