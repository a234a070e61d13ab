"""The lines that have `newscrawl due --run` started by systemd or cron."""

from __future__ import annotations

import shlex
from collections.abc import Mapping


def systemd(command: str, folder: str, environment: Mapping[str, str], minutes: int) -> str:
    """Units for a timer that starts `command` in `folder` every so many minutes; the names of the files stand above each.

    systemd starts no second run while one lasts. It kills after the time that a run has to end in good order.
    """
    variables = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items())
    return f"""# /etc/systemd/system/newscrawl.service
[Unit]
Description=newscrawl: crawl the sites that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder.replace("%", "%%")}
{variables}ExecStart={command.replace("%", "%%")}
# 7 tells that a site is to be tried again, which the next start does.
SuccessExitStatus=7
KillMode=mixed
TimeoutStopSec=120

# /etc/systemd/system/newscrawl.timer
[Unit]
Description=newscrawl: every {minutes} minutes

[Timer]
OnCalendar=*:0/{minutes}
Persistent=true

[Install]
WantedBy=timers.target

# then: systemctl daemon-reload && systemctl enable --now newscrawl.timer
"""


def cron(command: str, folder: str, environment: Mapping[str, str], minutes: int) -> str:
    """A line for crontab. A run that is started while another lasts finds its sites held, and leaves them."""
    variables = "".join(f"{name}={shlex.quote(value)} " for name, value in environment.items())
    line = f"cd {shlex.quote(folder)} && {variables}{command} >>newscrawl.log 2>&1"
    return f"*/{minutes} * * * * {line.replace('%', chr(92) + '%')}\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'
