"""Pages of hostile shapes, each read in a process of its own: `python -m benchmarks.caps`. Exit code 1 if one exceeds SECONDS or MEGABYTES.

Read is what the crawl reads: bytes decoded, parsed, links found, article extracted and cleaned. Memory is what the process took at most
beyond what it had after loading the reader and making the page.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

SECONDS, MEGABYTES = 5.0, 250.0  # as in benchmarks.hostile
URL = "https://gazette.example/page"
HEAD = b"<title>A page of a strange shape</title><h1>A page of a strange shape</h1>"
TEXT = b"<p>The old bridge will be rebuilt, the mayor said on Monday. It is too narrow, and lorries can't pass.</p>" * 5

# Each makes a page, the smaller the smaller `scale` is.
SHAPES: dict[str, Callable[[float], bytes]] = {
    "an ordinary page": lambda scale: HEAD + TEXT * max(1, round(scale)),
    "a table of 60,000 rows": lambda scale: HEAD + TEXT + b"<table>%s</table>" % b"".join(map(_row, range(round(60_000 * scale)))),
    "400,000 nested tags": lambda scale: HEAD + TEXT + b"<div>" * round(400_000 * scale) + b"deep",
    "400,000 nested formatting tags": lambda scale: HEAD + TEXT + b"<font><b>" * round(200_000 * scale) + b"<p>deep" * 1000,
    "a text of 10 MB": lambda scale: HEAD + TEXT + b"<p>" + b"word, more. " * round(850_000 * scale),
    "10 MB without a space": lambda scale: HEAD + TEXT + b"<p>" + b"x" * round(10_000_000 * scale),
    "10 MB of NUL bytes": lambda scale: b"\0" * round(10_000_000 * scale),
    "100,000 attributes": lambda scale: (
        HEAD + TEXT + b"<div %s>text</div>" % b" ".join(b"a%d=1" % n for n in range(round(100_000 * scale)))
    ),
    "1 MB of entities": lambda scale: HEAD + TEXT + b"<p>" + b"&amp;" * round(200_000 * scale) + b"&amp;amp;" * round(50_000 * scale),
    "10 MB of broken UTF-8": lambda scale: HEAD + TEXT + b"<p>" + b"\xc3(\xa0\xa1" * round(2_500_000 * scale),
    "10 MB of Chinese without a break": lambda scale: HEAD + TEXT + ("<p>" + "老桥要重修了" * round(550_000 * scale)).encode(),
}


def _row(number: int) -> bytes:
    return b"<tr><td>%d<td><a href=/%d>Row %d</a><td>1.5</tr>" % (number, number, number)


def measure(name: str, scale: float = 1.0) -> tuple[float, float, str]:
    """CPU seconds and megabytes that one page took, and what came of it."""
    from newscrawl.clean.article import clean
    from newscrawl.discover.links import find_links
    from newscrawl.extract.article import read_article
    from newscrawl.extract.decode import decode
    from newscrawl.extract.tree import parse

    page = SHAPES[name](scale)
    before, start = _peak(), time.process_time()
    parsed = parse(decode(page).text)
    find_links(parsed.tree, URL)
    reading = read_article(parsed, URL, at=datetime(2026, 8, 1, tzinfo=UTC))
    cleaned = clean(reading) if reading else None
    seconds = time.process_time() - start
    came = f"{len(cleaned.text):,} characters" if cleaned else "no article"
    return seconds, _peak() - before, came + (f", cut: {parsed.cut}" if parsed.cut else "")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def main(arguments: Sequence[str]) -> int:
    """Print a line for each shape; with a name, measure that one here and print it as JSON."""
    if arguments:
        print(json.dumps(measure(arguments[0])))
        return 0
    over = 0
    print(f"{'shape':34} {'CPU s':>6} {'MB':>6}  result")
    for name in SHAPES:
        run = subprocess.run([sys.executable, "-m", "benchmarks.caps", name], capture_output=True, text=True, timeout=300, check=False)
        if run.returncode:
            print(f"{name:34} died: {run.stderr.strip().splitlines()[-1:] or run.returncode}")
            over += 1
            continue
        seconds, megabytes, came = json.loads(run.stdout)
        is_over = seconds > SECONDS or megabytes > MEGABYTES
        over += is_over
        print(f"{name:34} {seconds:6.2f} {megabytes:6.0f}  {came}{'  OVER THE CAP' if is_over else ''}", flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
