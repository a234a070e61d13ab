"""Log lines as JSON, with the keys that lines of progress and of the schedule have: event, time, site."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_KEYS = ("site", "url", "stage")  # that a log call may give as `extra`


class JsonLines(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        line = {"event": "log", "time": at, "level": record.levelname.lower(), "from": record.name, "told": record.getMessage()}
        line |= {key: value for key in _KEYS if (value := getattr(record, key, None))}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json() -> None:
    """Have everything that is logged from now on written so, by the handlers that are there."""
    for handler in logging.root.handlers:
        handler.setFormatter(JsonLines())
