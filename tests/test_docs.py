"""The README names every command, and every file and knob that it names is there."""

import re
from pathlib import Path

import typer.main

from newscrawl.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def commands(group, before=""):
    for name, command in group.commands.items():
        full = f"{before} {name}".strip()
        yield from commands(command, full) if hasattr(command, "commands") else [full]


def test_every_command_is_in_the_readme():
    assert not {name for name in commands(typer.main.get_command(app)) if f"`newscrawl {name}" not in README}


def test_every_link_leads_to_a_file():
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make (\w+)", README, re.MULTILINE))
    assert named == {"demo", "test"}
    assert named <= targets
