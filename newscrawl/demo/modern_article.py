"""An article as the modern content-management system of The Pellbrook Courier shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape

from newscrawl.demo.desk import Desk, truth
from newscrawl.demo.modern_frame import author_path, framed, related_list, story_path
from newscrawl.demo.pages import Expected, Page, redirect, validators
from newscrawl.demo.stories import Story
from newscrawl.demo.templates import filled, link, paragraphs


def story_pages(at: Desk, story: Story) -> dict[str, Page]:
    """Every page that a story has: its parts, print version, short link."""
    pages = {story_path(story, part): _page(at, story, part) for part in range(1, len(story.parts) + 1)}
    if story.printed:
        pages[_print_path(story)] = _printed(at, story)
    if story.short:
        pages[f"/s/{story.short}"] = redirect(f"{story_path(story)}?utm_source=short")
    return pages


def expected(at: Desk, story: Story) -> Expected:
    """The truth about a story."""
    addresses = [story_path(story, part) for part in range(1, len(story.parts) + 1)]
    aliases = [path for path in story_pages(at, story) if path not in addresses]
    tracked = [f"{addresses[0]}?{at.words.labels['utm']}"] if story in at.most_read() else []
    return truth(at, story, addresses, [*aliases, *tracked])


def _print_path(story: Story) -> str:
    return f"/print/{story.number}/"


def _page(at: Desk, story: Story, part: int) -> Page:
    labels = at.words.labels
    main = filled(
        "pellbrook/article.html",
        language=story.language or at.words.language,
        title=escape(story.title, quote=False),
        byline=_byline(at, story),
        dates=_dates(at, story),
        picture=_picture(story) if part == 1 else "",
        body=_body(at, story, part),
        pager=_pager(at, story, part),
        source=f'<p class="source">{labels["source"]} {escape(story.source)}</p>\n' if story.source else "",
        tags=escape(" · ".join(story.tags)),
        share=labels["share"],
        tools=_tools(at, story),
        related_title=labels["related"],
        related=related_list(at, story),
        comments=_comments(at, story),
    )
    page = framed(at, f"{story.title} | {at.words.name}", main, head=_head(at, story, part))
    headers = validators(page.body, story.modified or story.day)
    answer = replace(page, headers=headers, delay=story.delay)
    return replace(answer, first=_BUSY) if story.busy and part == 1 else answer


_BUSY = Page(b"Back in a second.", "text/plain", status=503, headers=(("Retry-After", "1"),))


def _head(at: Desk, story: Story, part: int) -> str:
    """Canonical address, open graph, structured data, and the next page if there is one."""
    url = at.origin + story_path(story, part)
    facts = {
        "og:type": "article",
        "og:title": f"{story.title} | {at.words.name}",
        "og:url": url,
        "og:site_name": at.words.name,
        "article:published_time": story.day.isoformat(),
    }
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in facts.items()]
    tags += [f'<meta name="description" content="{escape(story.summary)}">'] if story.summary else []
    tags += [f'<link rel="next" href="{at.origin}{story_path(story, part + 1)}">'] if part < len(story.parts) else []
    data = json.dumps(_structured(at, story), ensure_ascii=False)
    return "\n".join([f'<link rel="canonical" href="{escape(url)}">', *tags, f'<script type="application/ld+json">{data}</script>'])


def _structured(at: Desk, story: Story) -> dict[str, object]:
    publisher = {"@type": "NewsMediaOrganization", "name": at.words.name}
    article: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.day.isoformat(),
        "dateModified": (story.modified or story.day).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": publisher,
        "mainEntityOfPage": at.origin + story_path(story),
    }
    if story.graph:
        page = {"@type": "WebPage", "@id": at.origin + story_path(story), "name": story.title}
        return {"@context": "https://schema.org", "@graph": [publisher, page, article]}
    return {"@context": "https://schema.org", **article}


def _byline(at: Desk, story: Story) -> str:
    names = f" {at.words.labels['and']} ".join(link(author_path(name), name, ' rel="author"') for name in story.authors)
    return f"{at.words.labels['by']} {names}"


def _tools(at: Desk, story: Story) -> str:
    printed = [link(_print_path(story), at.words.labels["print"])] if story.printed else []
    short = [link(f"/s/{story.short}", at.words.labels["short"])] if story.short else []
    return "".join(f" · {tool}" for tool in (*printed, *short))


def _dates(at: Desk, story: Story) -> str:
    labels = at.words.labels

    def stamped(moment: str, shown: str) -> str:
        return f'<time datetime="{moment}">{shown}</time>'

    published = stamped(story.day.isoformat(), labels["published_format"].format(story.day))
    if story.modified is None:
        return published
    return f"{published} · {labels['updated']} {stamped(story.modified.isoformat(), labels['published_format'].format(story.modified))}"


def _picture(story: Story) -> str:
    if not story.caption:
        return ""
    return (
        f'<figure><img src="/pictures/{story.number}.svg" alt=""><figcaption>{escape(story.caption, quote=False)}</figcaption></figure>\n'
    )


def _body(at: Desk, story: Story, part: int) -> str:
    """The paragraphs, with the newsletter put after the second."""
    texts = story.parts[part - 1]
    promo = f'\n<aside class="promo">{at.words.labels["newsletter"]}</aside>\n'
    return paragraphs(texts[:2]) + promo + paragraphs(texts[2:])


def _pager(at: Desk, story: Story, part: int) -> str:
    labels, count = at.words.labels, len(story.parts)
    before = [link(story_path(story, part - 1), labels["previous"], ' rel="prev"')] if part > 1 else []
    after = [link(story_path(story, part + 1), labels["next"], ' rel="next"')] if part < count else []
    return f'<p class="pager">{" ".join([*before, f"{part} / {count}", *after])}</p>\n' if count > 1 else ""


def _comments(at: Desk, story: Story) -> str:
    said = "\n".join(f"<p><b>{escape(name)}</b> {escape(words, quote=False)}</p>" for name, words in story.comments)
    return f'<section class="comments" id="comments"><h2>{at.words.labels["comments"]}</h2>\n{said}</section>' if said else ""


def _printed(at: Desk, story: Story) -> Page:
    """The same text without a frame, pointing to its original."""
    canonical = f'<link rel="canonical" href="{at.origin}{story_path(story)}">'
    head = f'<meta charset="utf-8">{canonical}<title>{escape(story.title)}</title>'
    names = " & ".join(story.authors)
    body = f"<h1>{escape(story.title, quote=False)}</h1><p>{at.words.labels['by']} {names}</p>{paragraphs(story.paragraphs)}"
    return Page(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "text/html; charset=utf-8")
