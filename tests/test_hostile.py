"""Hostile files of all kinds crash nothing and exceed no cap: benchmarks.hostile, held."""

from functools import cache
from pathlib import Path

import pytest

from benchmarks.hostile import Report, run_group
from benchmarks.hostile_stages import GROUPS

OURS = {"damaged", "bombs"}
FILES = {"feeds": 90, "xml": 13, "robots": 280, "jsons": 318, "urls": 900, "strings": 280}  # at least


@cache
def report(group: str, folder: Path) -> Report:
    return run_group(group, folder)


@pytest.mark.parametrize("group", sorted(OURS))
def test_documents_of_our_own(group: str) -> None:
    came = report(group, Path())
    assert (came.crashed, came.over) == ([], [])
    assert came.files


@pytest.mark.parametrize("group", sorted(set(GROUPS) - OURS))
def test_documents_of_others(group: str, hostile: Path) -> None:
    came = report(group, hostile)
    assert (came.crashed, came.over) == ([], [])
    assert len(came.files) >= FILES[group]


def test_every_entry_of_a_damaged_feed_is_recovered() -> None:
    came = report("damaged", Path())
    assert {one["name"]: (one["recovered"], one["standing"]) for one in came.files if one["recovered"] < one["standing"]} == {}
    assert came.total("recovered") == came.total("standing") == 744


def test_every_entry_with_an_address_in_an_ill_formed_feed_is_recovered(hostile: Path) -> None:
    came = report("feeds", hostile)
    assert came.total("recovered") == came.total("standing") == 4


def test_documents_that_define_entities_are_refused(hostile: Path) -> None:
    refused = [one["name"] for one in report("xml", hostile).files if one["refused"]]
    assert sorted(refused) == ["cyclic.xml", "external.xml", "external_file.xml", "quadratic.xml", "xmlbomb.xml", "xmlbomb2.xml"]


def test_bombs_are_cut_and_said_to_be() -> None:
    assert all(one["cut"] or one["refused"] for one in report("bombs", Path()).files if one["name"] != "gzip in gzip")


def test_a_crash_is_told() -> None:
    """The control: a report must be able to say that something is wrong."""
    bad = {
        "name": "a",
        "seconds": 9.0,
        "megabytes": 1.0,
        "crashed": "ValueError()",
        "refused": "",
        "cut": "",
        "recovered": 0,
        "standing": 0,
    }
    came = Report("feeds", [bad], 30.0, died="exit code -11")
    assert came.crashed == ["a: ValueError()", "exit code -11"]
    assert came.over == ["a"]
    assert run_group("no such group", Path()).crashed
