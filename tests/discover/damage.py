"""A feed of stories, and the ways in which servers damage it."""

import re
from collections.abc import Callable
from html import escape

STORIES = [
    (
        f"https://gazette.example/news/story-{number}.html?id={number}&lang=en",
        f"Bridge {number} opens after {number + 2} years & two floods",
    )
    for number in range(20)
]
CHINESE = [
    (url, f"第{number}座大桥下周通车 {topic}提醒司机注意安全")
    for number, ((url, _), topic) in enumerate(zip(STORIES, "交通部门 市政府 学校 医院 居民委员会".split() * 4, strict=True))
]


def rss(
    stories: list[tuple[str, str]] = STORIES, write: Callable[[str], str] = escape, description: str = "A text &lt;b&gt;in bold&lt;/b&gt;."
) -> str:
    """RSS 2.0; `write` puts addresses and headlines into markup."""
    items = "".join(
        f'<item><title>{write(title)}</title><link>{write(url)}</link><guid isPermaLink="false">g{number}</guid>'
        f"<pubDate>Fri, 01 May 2026 08:{number:02}:00 GMT</pubDate><description>{description}</description></item>\n"
        for number, (url, title) in enumerate(stories)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>The Gazette</title><link>https://gazette.example/</link>\n{items}</channel></rss>"
    )


def atom(stories: list[tuple[str, str]] = STORIES) -> str:
    """Atom, with texts in XHTML that have titles of their own."""
    entries = "".join(
        f'<entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><svg><title>A map</title></svg></div></content>'
        f'<link rel="alternate" type="text/html" href="{escape(url)}"/><id>tag:gazette.example,2026:{number}</id>'
        f'<title type="html">{escape(title)}</title><updated>2026-05-01T08:00:00Z</updated></entry>\n'
        for number, (url, title) in enumerate(stories)
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Gazette</title>{entries}</feed>'


def rdf(stories: list[tuple[str, str]] = STORIES) -> str:
    """RSS 1.0."""
    items = "".join(
        f'<item rdf:about="{escape(url)}"><title>{escape(title)}</title><link>{escape(url)}</link><dc:date>2026-05-01</dc:date></item>\n'
        for url, title in stories
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>The Gazette</title></channel>{items}</rdf:RDF>'
    )


def chinese(encoding: str, declared: str) -> bytes:
    """RSS in Chinese, encoded one way and declared another."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    return rss(CHINESE).replace('<?xml version="1.0" encoding="UTF-8"?>', declaration).encode(encoding)


WHOLE = rss()
DAMAGED: dict[str, str | bytes] = {
    "nothing": WHOLE,
    "nothing, CDATA": rss(write="<![CDATA[{}]]>".format),
    "nothing, Atom": atom(),
    "nothing, RDF": rdf(),
    "bare ampersands": rss(write=str),
    "entities of HTML": WHOLE.replace("A text", "A&nbsp;text&hellip; &eacute;"),
    "bare less-than": WHOLE.replace("A text", "5 < 6 and 7<8"),
    "HTML in the description": rss(description="<p>A text<br><img src=x.jpg alt=y>more</p>"),
    "items not closed": WHOLE.replace("</item>", ""),
    "titles not closed": WHOLE.replace("</title>", ""),
    "dates not closed": WHOLE.replace("</pubDate>", ""),
    "descriptions not closed": WHOLE.replace("</description>", ""),
    "tags crossed": rss(description="<b><i>A text</b></i>"),
    "prefixes undeclared": rss(description="</description><content:encoded>A text</content:encoded><x:y>z</x:y><description>"),
    "control characters": WHOLE.replace("A text", "A\x0bte\0xt\x08"),
    "warnings in front": f"<br />\n<b>Warning</b>: include(): no such file on line <b>3</b><br />\n{WHOLE}",
    "lines in front": f"\n\n  {WHOLE}",
    "scripts behind": f"{WHOLE}<!-- cached --><script>var x = 1 < 2 && 3;</script>",
    "attributes unquoted": re.sub(r'"(2\.0|false)"', r"\1", WHOLE),
    "attributes twice": WHOLE.replace('isPermaLink="false"', 'isPermaLink="false" isPermaLink="true"'),
    "quotes lost": WHOLE.replace('isPermaLink="false"', 'isPermaLink="false'),
    "capitals": re.sub(r"</?\w+", lambda tag: tag[0].upper(), WHOLE.partition("?>")[2]),
    "dashes in comments": WHOLE.replace("<guid", "<!-- a -- b --><guid"),
    "two documents": WHOLE + WHOLE,
    "document type": WHOLE.replace("<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://gazette.example/rss.dtd">\n<rss'),
    "bare end of CDATA": WHOLE.replace("A text", "A ]]> text"),
    "bytes of no character": WHOLE.encode().replace(b"A text", b"A te\xff\xc3xt"),
    "two byte order marks": b"\xef\xbb\xbf" * 2 + WHOLE.encode(),
}
IN_CHINESE = {
    "GBK": chinese("gbk", "gb2312"),
    "GBK, declared UTF-8": chinese("gbk", "utf-8"),
    "GBK, undeclared": chinese("gbk", ""),
    "UTF-8, declared GBK": chinese("utf-8", "gbk"),
    "UTF-8, declared Latin-1": chinese("utf-8", "iso-8859-1"),
    "UTF-8, declared UTF-16": chinese("utf-8", "utf-16"),
    "UTF-8, declared nonsense": chinese("utf-8", "windows-9999"),
    "UTF-16": chinese("utf-16", "utf-16"),
}
CUT_OFF = {"RSS": WHOLE[: len(WHOLE) * 6 // 10], "Atom": atom()[: len(atom()) * 6 // 10]}
