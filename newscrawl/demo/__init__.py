"""Two small invented portals on loopback: the first run of a newcomer, and the fixture of the tests.

芦汀新闻网 is Chinese, in GBK, made as old content-management systems make them; The Pellbrook Courier is English and modern. Their pages
are tables (`pages`), built from the texts in articles/, the words in sites/ and the frames in templates/; `portals.build_portals` is pure
and also tells the truth about every article. `serving.serve_demo` serves them, `python -m newscrawl.demo serve` does so for a browser.

Articles carry fixed dates of spring 2026, so what is expected of them never changes. Two things follow the clock, or the `now` that is
passed: the "today is" banners, and the date of one article that happened "3小时前". Its precision is an hour, its address is fixed.
"""
