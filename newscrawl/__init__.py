"""newscrawl: a crawler and archiver for local news.

seeds -> frontier -> fetch -> capture -> read -> links -> frontier
                                          |
                                          article -> clean -> identify -> store -> query

Package by package: `crawl` (frontier, fetch), `archive` (capture), `discover` (links), `extract` (article),
`clean`, `identify`, `store`, `query`. `cli` is the door.
"""

__version__ = "0.1.0"
