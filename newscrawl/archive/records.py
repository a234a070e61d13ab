"""WARC 1.1 records as bytes: made, and read. ISO 28500:2017; one gzip member a record, so that each can be read alone."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from newscrawl.archive.exchange import Exchange, Headers, parsed_headers, payload_digest
from newscrawl.errors import ArchiveError
from newscrawl.models import Capture

SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
HTTP_ANSWER, HTTP_QUESTION = "application/http;msgtype=response", "application/http;msgtype=request"
REFERS_TO_FILE, REFERS_TO_OFFSET = "WARC-Refers-To-Filename", "WARC-Refers-To-File-Offset"  # as other crawlers write them
# Undone on receipt, so repeating it would be untrue of the stored payload; the name follows common archival practice.
_UNDONE = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record."""

    fields: Headers  # as they stand in its head
    block: bytes
    version: str = "WARC/1.1"

    def field(self, name: str) -> str:
        """The first field of that name, or ""."""
        name = name.lower()
        return next((value for key, value in self.fields if key.lower() == name), "")

    @property
    def url(self) -> str:
        """Its WARC-Target-URI; some tools put it in angle brackets."""
        return self.field("WARC-Target-URI").strip("<>")

    @property
    def kind(self) -> str:
        """Its WARC-Type."""
        return self.field("WARC-Type")


def parsed_record(data: bytes) -> Record:
    """The record that `data` holds, and nothing but that. Raises ArchiveError, which says what is wrong with it."""
    head, _, rest = data.partition(_END)
    version, _, lines = head.partition(b"\r\n")
    if not version.startswith(b"WARC/"):
        raise ArchiveError(f"no WARC record begins here, but {version[:20]!r}")
    fields = parsed_headers(lines.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"))
    record = Record(fields, rest)
    length = record.field("Content-Length")
    if not (length.isascii() and length.isdigit()):
        raise ArchiveError(f"a {record.kind or 'nameless'} record with the length {length!r}")
    if len(rest) < int(length):
        raise ArchiveError(f"a {record.kind} record ends {int(length) - len(rest)} bytes too early")
    if rest[int(length) :].strip(b"\r\n"):
        raise ArchiveError(f"a {record.kind} record goes on behind its end")
    return Record(fields, rest[: int(length)], version.decode("ascii", "replace").strip())


def record_bytes(record: Record) -> bytes:
    """A record as it stood in its file."""
    head = "".join(f"{name}: {value}\r\n" for name, value in record.fields)
    return f"{record.version}\r\n{head}\r\n".encode() + record.block + _END


def exchange_records(capture: Capture, exchange: Exchange, level: int, *, original: Capture | None = None) -> list[bytes]:
    """The records of an exchange: its answer, its question, and what scripts made of the page if they were run.

    The answer to a request that brought the payload of `original` once more is a revisit record.
    """
    shared = {"WARC-Date": warc_date(capture.time), "WARC-Target-URI": exchange.url}
    address = {"WARC-IP-Address": exchange.address} if exchange.address else {}
    answer = {**shared, **address, "WARC-Payload-Digest": capture.digest, "Content-Type": HTTP_ANSWER}
    head = f"{exchange.protocol} {exchange.status} {exchange.reason}\r\n{written_lines(exchange.headers)}\r\n".encode("latin-1", "replace")
    question = {**shared, "WARC-Concurrent-To": urn(capture.id), "Content-Type": HTTP_QUESTION}
    asked = f"{exchange.method} {_path(exchange.url)} HTTP/1.1\r\n{written_lines(exchange.request_headers)}\r\n"
    if original is None:
        records = [record_member("response", capture.id, answer, head + exchange.payload, level)]
    else:
        records = [record_member("revisit", capture.id, {**answer, **_referring(original)}, head, level)]
    records.append(record_member("request", capture.id + "/request", question, asked.encode("latin-1", "replace"), level))
    if exchange.rendered:
        made = {**shared, "WARC-Refers-To": urn(capture.id), "Content-Type": "text/html; charset=utf-8"}
        records.append(record_member("conversion", rendered_name(capture), made, exchange.rendered, level))
    return records


def _referring(original: Capture) -> dict[str, str]:
    """What tells readers where the payload is: by name and date for all, by place for us."""
    return {
        "WARC-Profile": SAME_PAYLOAD,
        "WARC-Refers-To": urn(original.id),
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": warc_date(original.time),
        REFERS_TO_FILE: original.file,
        REFERS_TO_OFFSET: str(original.offset),
    }


def record_member(kind: str, name: str, fields: Mapping[str, str], block: bytes, level: int) -> bytes:
    """A record as a gzip member of its own; `name` is what its id is made of."""
    head = {"WARC-Type": kind, "WARC-Record-ID": urn(name), **fields}
    head |= {"WARC-Block-Digest": payload_digest(block), "Content-Length": str(len(block))}
    return gzip_member(f"WARC/1.1\r\n{written_lines(head.items())}\r\n".encode() + block + _END, level)


def gzip_member(data: bytes, level: int) -> bytes:
    """Data as one gzip member, the same whenever it is made."""
    squeeze = zlib.compressobj(level, zlib.DEFLATED, 31)
    return squeeze.compress(data) + squeeze.flush()


def written_lines(fields: Iterable[tuple[str, str]]) -> str:
    """Named fields, one a line."""
    return "".join(f"{_UNDONE.get(name.lower(), name)}: {value}\r\n" for name, value in fields)


def rendered_name(capture: Capture) -> str:
    """What the id of the conversion record is made of."""
    return capture.id + "/rendered"


def urn(name: str) -> str:
    """A record's id: the same for the same name."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, name)}>"


def warc_date(moment: datetime) -> str:
    """A UTC time in the form of WARC-Date, to the millisecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _path(url: str) -> str:
    target = url.partition("://")[2]
    return target[target.find("/") :] if "/" in target else "/"
