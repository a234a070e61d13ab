"""`python -m newscrawl.demo serve`: the portals for a browser, until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
import threading

from newscrawl.demo.serving import serve_demo
from newscrawl.errors import NewscrawlError


def main() -> None:
    """Serve, print where, wait."""
    parser = argparse.ArgumentParser(prog="python -m newscrawl.demo", description="Two small invented news portals on loopback.")
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--port", type=int, default=0, help="of the first portal; the second has the next one (default: free ones)")
    parser.add_argument("--edition", type=int, default=1, choices=[1, 2], help="2: an article edited, one new, one gone")
    options = parser.parse_args()
    try:
        _serve(options.port, options.edition)
    except NewscrawlError as error:
        parser.exit(error.exit_code, f"{error}\n")


def _serve(port: int, edition: int) -> None:
    with serve_demo(port=port, edition=edition) as demo:
        for portal in demo.portals:
            sys.stdout.write(f"{portal.home}  {portal.name}, {len(portal.expected)} articles\n")
        sys.stdout.flush()
        _wait()


def _wait() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
