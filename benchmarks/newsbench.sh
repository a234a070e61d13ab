#!/usr/bin/env bash
# Crawls the sites listed in $SEEDS into $NEWSCRAWL_STORE (default: a new SQLite file under $WORK) and writes every stored article to
# $OUT, one JSON object a line: url, title, text, date, author, cluster. From the root of a clone:
#   PYTHONPATH=NEWSBENCH python -m newsbench trial 'benchmarks/newsbench.sh'
# PYTHON names the interpreter (default: the one in .venv, made if there is none). LATER=60 has the second visit followed by the one that
# would be made 60 days later (SQLite): what was to be looked at again by then is due.
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
python="${PYTHON:-$here/.venv/bin/python}"
[ -x "$python" ] || make --silent -C "$here" .venv/installed >&2
if [ "${EPOCH:-1}" = 1 ]; then rm -rf "$WORK/newscrawl"; fi
export NEWSCRAWL_STORE="${NEWSCRAWL_STORE:-sqlite:///$WORK/newscrawl/store.db}" NEWSCRAWL_ARCHIVE="$WORK/newscrawl/warc"
export NEWSCRAWL_CRAWL_DELAY="${NEWSCRAWL_CRAWL_DELAY:-0.02}"
cd "$here"
unset PYTHONDONTWRITEBYTECODE # as installed: compiled at the first start, not at each
mapfile -t sites <"$SEEDS"
crawl() { "$python" -m newscrawl crawl "${sites[@]}" || [ $? = 7 ]; } # 7: some addresses are due later, the rest is stored
crawl
if [ "${EPOCH:-1}" = 2 ] && [ -n "${LATER:-}" ]; then
  "$python" - "${NEWSCRAWL_STORE#sqlite:///}" "$LATER" <<'EARLIER'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as store:
    store.execute("UPDATE frontier SET again = again - ?", (int(sys.argv[2]) * 86_400_000,))
EARLIER
  crawl
fi
exec "$python" -m benchmarks.newsbench_records "$OUT"
