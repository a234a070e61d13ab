"""Whether a folder of WARC files holds what it says: every record and digest, every payload referred to, every line of the index."""

from __future__ import annotations

import base64
import binascii
import hashlib
import heapq
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path

from newscrawl.archive.elsewhere import OPEN, WARCS, address_of, entries
from newscrawl.archive.exchange import parsed_answer, payload_digest
from newscrawl.archive.index import NAME, PARTS, line_of
from newscrawl.archive.processes import pool
from newscrawl.archive.records import REFERS_TO_FILE, REFERS_TO_OFFSET, Record
from newscrawl.archive.scan import Scanned, Trouble, scan
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

_ALGORITHMS = frozenset({"sha1", "md5", "sha256", "sha512"})
_KEPT = 8  # bytes of a payload's digest that are kept of each answer


class Flaw(StrEnum):
    """What may be wrong with an archive."""

    TORN = "torn"  # a file ends inside a record
    DAMAGED = "damaged"  # something that can't be unpacked, or is no record
    FOREIGN = "foreign"  # a file that is no WARC file
    TOO_LARGE = "too-large"  # a record that was not looked into
    BLOCK = "block-digest"  # a record is not what its writer wrote
    PAYLOAD = "payload-digest"
    NO_ANSWER = "no-answer"  # a response record without an HTTP answer
    NO_PAYLOAD = "no-payload"  # a revisit record that refers to nothing
    INDEX = "index"  # a line that is missing, or leads nowhere
    NO_RECORD = "no-record"  # a capture of the store that no file holds
    OTHER_RECORD = "other-record"  # a capture whose record holds another payload
    NO_CAPTURE = "no-capture"  # an article whose capture the store does not know


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw, by its place."""

    flaw: Flaw
    file: str  # without folder; "" if it is the store's
    offset: int
    detail: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers in a file: where they begin, and what their payloads are."""

    offsets: array[int] = field(default_factory=lambda: array("Q"))
    digests: bytearray = field(default_factory=bytearray)  # the first bytes of each
    referred: list[tuple[int, str, int]] = field(default_factory=list)  # revisit records: offset, and file and offset of the payload

    def add(self, offset: int, digest: str) -> None:
        """One more, behind all others."""
        self.offsets.append(offset)
        self.digests.extend(_beginning(digest))

    def at(self, offset: int) -> bytes:
        """The beginning of the payload's digest; b"" if no answer begins there."""
        place = bisect_left(self.offsets, offset)
        if place == len(self.offsets) or self.offsets[place] != offset:
            return b""
        return bytes(self.digests[place * _KEPT : (place + 1) * _KEPT])


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one file."""

    file: str
    records: int
    findings: tuple[Finding, ...]
    answers: Answers


@dataclass(slots=True)
class Verified:
    """What was found in a folder."""

    files: int = 0
    records: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what is no flaw but should be known
    answers: dict[str, Answers] = field(default_factory=dict)  # by file

    def capture_flaw(self, capture: Capture) -> Finding | None:
        """What is wrong with a capture of the store; None if its record is there and holds its payload."""
        answers = self.answers.get(capture.file)
        found = answers.at(capture.offset) if answers else b""
        if not found:
            return Finding(Flaw.NO_RECORD, capture.file, capture.offset, f"no answer of {capture.url} is there (capture {capture.id})")
        if found != _beginning(capture.digest):
            return Finding(
                Flaw.OTHER_RECORD, capture.file, capture.offset, f"another payload than {capture.url} had (capture {capture.id})"
            )
        return None


def verify_folder(folder: Path, *, processes: int = 0, heard: Callable[[str], None] = lambda _: None) -> Verified:
    """Look at all WARC files of a folder and their index. Raises ArchiveError if there is no such folder.

    `processes`: how many to use, 0 for one a processor; `heard` is told of each file that is done.
    """
    if not folder.is_dir() and not address_of(folder):
        raise ArchiveError(f"{folder}: there is no such folder; is --archive the folder of the crawl?")
    paths = sorted((*(folder / name for name in _names(folder)), *folder.glob(f"{WARCS}{OPEN}")))
    came = Verified(files=len(paths))
    with ExitStack() as stack:
        processes = min(processes or os.cpu_count() or 1, len(paths))
        each = map if processes < 2 else stack.enter_context(pool(processes)).map
        for checked in each(verify_file, paths):
            heard(checked.file)
            came.records += checked.records
            came.findings += checked.findings
            came.answers[checked.file] = checked.answers
    came.findings += _unreferable(came.answers)
    came.findings += _merge_findings(folder)
    came.notes += [f"{path.name}: bytes of an unfinished record, set aside after a crash" for path in sorted(folder.glob("*.torn"))]
    if paths and not (folder / NAME).exists():
        came.notes.append("there is no index: `newscrawl archive index` makes it")
    return came


def verify_file(path: Path) -> Checked:
    """Look at one WARC file, and at its own lines of the index if there are any."""
    name, findings, answers, lines, records = path.name.removesuffix(OPEN), [], Answers(), [], 0
    unfinished = path.name.endswith(OPEN)
    for scanned in scan(path):
        record = scanned.record
        if record is None:
            if not (unfinished and scanned.trouble is Trouble.TORN) and scanned.trouble is not Trouble.JOINED:
                findings.append(Finding(Flaw(str(scanned.trouble)), name, scanned.offset, scanned.detail))
            continue
        records += 1
        findings += [Finding(flaw, name, scanned.offset, detail) for flaw, detail in record_flaws(record)]
        if record.kind in ("response", "revisit"):
            _take_in(answers, scanned, record)
        if line := line_of(scanned, name):
            lines.append(line)
    if not unfinished:
        findings += _index_findings(path, lines)
    return Checked(name, records, tuple(findings), answers)


def _take_in(answers: Answers, scanned: Scanned, record: Record) -> None:
    if record.kind == "revisit":
        name, offset = record.field(REFERS_TO_FILE), record.field(REFERS_TO_OFFSET)
        if name and offset.isdigit():
            answers.referred.append((scanned.offset, name, int(offset)))
        answers.add(scanned.offset, record.field("WARC-Payload-Digest"))
        return
    try:
        answers.add(scanned.offset, payload_digest(parsed_answer(record.block).payload))
    except ArchiveError:
        return


def record_flaws(record: Record) -> Iterator[tuple[Flaw, str]]:
    """What is wrong with a whole record."""
    if _differs(record.field("WARC-Block-Digest"), record.block):
        yield Flaw.BLOCK, f"the {record.kind} record of {record.url or record.field('WARC-Record-ID')} is not what was written"
    if record.kind not in ("response", "request") or not record.url.startswith("http"):
        return
    payload = as_sent = record.block.partition(b"\r\n\r\n")[2]
    if record.kind == "response":
        try:
            payload = parsed_answer(record.block).payload
        except ArchiveError as error:
            yield Flaw.NO_ANSWER, f"{record.url}: {error}"
            return
    said = record.field("WARC-Payload-Digest")
    if _differs(said, payload) and _differs(said, as_sent):  # some tools digest chunks and all
        yield Flaw.PAYLOAD, f"the payload of the {record.kind} record of {record.url} is not what was written"


def _differs(digest: str, data: bytes) -> bool:
    """Whether a digest such as sha1:BASE32 is of other data. One that is absent or of an unknown kind says nothing."""
    algorithm, _, value = digest.partition(":")
    if algorithm.lower() not in _ALGORITHMS:
        return False
    right = hashlib.new(algorithm.lower(), data, usedforsecurity=False).digest()
    if value.lower().rstrip("=") in (right.hex(), base64.b32encode(right).decode("ascii").lower().rstrip("=")):
        return False
    return value.replace("-", "+").replace("_", "/").rstrip("=") != base64.b64encode(right).decode("ascii").rstrip("=")


def _beginning(digest: str) -> bytes:
    """The first bytes of a digest in base 32; of any other text, bytes that no digest has."""
    try:
        return base64.b32decode(digest.partition(":")[2])[:_KEPT].ljust(_KEPT, b"\0")
    except binascii.Error:
        return b"\0" * _KEPT


def _unreferable(answers: dict[str, Answers]) -> Iterator[Finding]:
    """Revisit records whose payload is not where they say."""
    for file, of_file in answers.items():
        for offset, name, place in of_file.referred:
            there = answers[name].at(place) if name in answers else b""
            if not there or there != of_file.at(offset):
                yield Finding(Flaw.NO_PAYLOAD, file, offset, f"refers to a payload in {name} at {place}, which is not there")


def _index_findings(path: Path, lines: list[str]) -> Iterator[Finding]:
    part = path.parent / PARTS / f"{path.name}.cdxj"
    if not part.exists():
        return
    written = part.read_text("utf-8", "replace").splitlines()
    for text in sorted(set(lines) - set(written)):
        yield Finding(Flaw.INDEX, path.name, 0, f"the index lacks {text[:120]}")
    for text in sorted(set(written) - set(lines)):
        yield Finding(Flaw.INDEX, path.name, 0, f"the index has what is not in the file: {text[:120]}")


def _merge_findings(folder: Path) -> Iterator[Finding]:
    """Whether the index is its parts merged."""
    index = folder / NAME
    if not index.exists():
        return
    with ExitStack() as stack:
        parts = [stack.enter_context(path.open("rb")) for path in sorted((folder / PARTS).glob("*.cdxj"))]
        pairs = zip_longest(stack.enter_context(index.open("rb")), heapq.merge(*parts))
        for number, (has, should) in enumerate(pairs, 1):
            if has != should:
                yield Finding(Flaw.INDEX, NAME, 0, f"line {number} is not what its parts say; `newscrawl archive index` makes it anew")
                return
    if unread := sorted(_names(folder) - {path.stem for path in (folder / PARTS).glob("*.cdxj")}):
        yield Finding(Flaw.INDEX, unread[0], 0, f"{len(unread)} files are not in the index; `newscrawl archive index` adds them")


def _names(folder: Path) -> set[str]:
    try:
        return set(entries(folder))
    except OSError as error:
        raise ArchiveError(f"{address_of(folder) or folder}: can't be listed: {error.strerror}") from error
