#!/usr/bin/env bash
# Crawls the sites listed in $SEEDS into $NEWSCRAWL_STORE (default: a new SQLite file under $WORK) and writes every stored article to
# $OUT, one JSON object a line: url, title, text, date, author, cluster. From the root of a clone:
#   PYTHONPATH=NEWSBENCH python -m newsbench trial 'benchmarks/newsbench.sh'
# PYTHON names the interpreter (default: the one in .venv, made if there is none).
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
"$python" -m newscrawl crawl "${sites[@]}" || [ $? = 7 ] # 7: some addresses are due later, the rest is stored
exec "$python" -m benchmarks.newsbench_records "$OUT"
