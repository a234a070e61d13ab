"""The lines for systemd and cron."""

import shutil
import subprocess

import pytest

from newscrawl.jobs.timers import cron, systemd

COMMAND, VARIABLES = "/opt/news crawl/newscrawl due --run", {"NEWSCRAWL_STORE": 'sqlite:///a "b" 100%.db'}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path):
    text = systemd("/bin/true due --run", str(tmp_path), VARIABLES, 5)
    service, timer = text.split("# /etc/systemd/system/newscrawl.timer\n")
    (tmp_path / "newscrawl.service").write_text(service)
    (tmp_path / "newscrawl.timer").write_text(timer)
    for unit in ("newscrawl.service", "newscrawl.timer"):
        checked = subprocess.run(["systemd-analyze", "verify", str(tmp_path / unit)], capture_output=True, text=True, check=False)
        assert f"{tmp_path}/{unit}" not in checked.stderr, checked.stderr


def test_variables_are_quoted_and_percent_signs_doubled_for_systemd():
    text = systemd(COMMAND, "/srv/news", VARIABLES, 5)
    assert r'Environment="NEWSCRAWL_STORE=sqlite:///a \"b\" 100%%.db"' in text
    assert "OnCalendar=*:0/5\n" in text


def test_a_line_of_cron_does_what_it_says_when_a_shell_reads_it(tmp_path):
    line = cron("printenv NEWSCRAWL_STORE", str(tmp_path), VARIABLES, 5)
    times, command = line.split(" cd ", 1)
    assert times == "*/5 * * * *"
    subprocess.run(["sh", "-c", "cd " + command.replace("\\%", "%")], check=True)  # cron takes the backslash away
    assert (tmp_path / "newscrawl.log").read_text() == VARIABLES["NEWSCRAWL_STORE"] + "\n"
