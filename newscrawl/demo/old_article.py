"""An article as the old content-management system of 芦汀新闻网 shows it."""

from __future__ import annotations

from functools import partial
from html import escape

from newscrawl.demo.annotations import annotated, hidden_address
from newscrawl.demo.desk import Desk, truth
from newscrawl.demo.old_frame import encoded, framed, related_list, story_path
from newscrawl.demo.pages import Expected, Page, redirect, validators
from newscrawl.demo.stories import Story
from newscrawl.demo.templates import filled, link, paragraphs
from newscrawl.demo.vocabulary import Section

_INDENT = "　　"


def _print_path(story: Story) -> str:
    return f"/print.asp?id={story.number}"


def _mobile_path(story: Story) -> str:
    return f"/wap/{story.number}.html"


def story_pages(at: Desk, story: Story) -> dict[str, Page]:
    """Every page that a story has: its parts, its copy in another section, print version, mobile twin, short link."""
    own = story_path(at, story)
    pages = {story_path(at, story, part=part): _page(at, story, part=part) for part in range(1, len(story.parts) + 1)}
    if story.also_in:
        pages[story_path(at, story, section=story.also_in)] = _page(at, story, section=story.also_in)
    if story.printed:
        pages[_print_path(story)] = _plain(at, story)
    if story.mobile:
        pages[_mobile_path(story)] = _plain(at, story)
    if story.short:
        pages[f"/t/{story.short}"] = redirect(at.origin + own, 301)
    return pages


def expected(at: Desk, story: Story) -> Expected:
    """The truth about a story."""
    addresses = [story_path(at, story, part=part) for part in range(1, len(story.parts) + 1)]
    aliases = [path for path in story_pages(at, story) if path not in addresses]
    return truth(at, story, addresses, aliases, partial(annotated, readings=at.words.readings) if story.annotated else str)


def _spoilt(at: Desk, story: Story, text: str) -> str:
    return annotated(text, at.words.readings) if story.annotated else text


def _page(at: Desk, story: Story, *, part: int = 1, section: str = "") -> Page:
    section = section or story.section
    title = _spoilt(at, story, story.title)
    here = at.words.section(section)
    assert here is not None, section
    main = filled(
        "luting/article.html",
        here=_crumbs(at, here),
        title=escape(title),
        info=escape(_info(at, story)),
        before=_banner(at) if story.annotated else "",
        picture=_picture(story) if part == 1 else "",
        body=_body(at, story, part),
        after=_banner(at) + _disclaimer(at) if story.annotated else "",
        pages=_pager(at, story, part),
        share=at.words.labels["share"],
        tools=_tools(at, story),
        recommended=_label(at, story, "recommended"),
        related=related_list(at, story),
        comments=_comments(at, story),
    )
    heading = f"{title}_{here.name}_{at.words.name}"
    return _served(story, framed(at, heading, main, charset=story.meta_charset, fanti=story.annotated))


def _crumbs(at: Desk, section: Section) -> str:
    labels = at.words.labels
    return f"{labels['here']}{link('/', labels['home'])} &gt; {link(f'/{section.path}/', section.name)} &gt; {labels['article']}"


def _served(story: Story, html: str) -> Page:
    body = encoded(html, story.encoding)
    charset = f"; charset={story.header_charset}" if story.header_charset else ""
    headers = validators(body, story.modified or story.day)
    return Page(body, f"text/html{charset}", headers=headers, delay=story.delay)


def _plain(at: Desk, story: Story) -> Page:
    """The same text almost without a frame, pointing to its original."""
    canonical = f'<link rel="canonical" href="{at.origin}{story_path(at, story)}">'
    info = escape(_info(at, story))
    body = f"<h1>{escape(story.title)}</h1><p>{info}</p>\n{paragraphs(story.paragraphs, _INDENT)}"
    html = f'<html><head><meta charset="gb2312">{canonical}<title>{escape(story.title)}</title></head><body>{body}</body></html>'
    return Page(encoded(html), headers=validators(encoded(html), story.day))


def _label(at: Desk, story: Story, name: str) -> str:
    return _spoilt(at, story, at.words.fanti[name]) if story.annotated else at.words.labels[name]


def _info(at: Desk, story: Story) -> str:
    """The line under the headline: when, from where, by whom."""
    labels = at.words.labels
    when = (
        labels["hours_ago"].format(story.hours_ago) if story.hours_ago else at.words.local(story.day).strftime(labels["published_format"])
    )
    names = "" if story.signed else "、".join(story.authors)
    facts = [("published", when), ("source", story.source), ("author", names), ("editor", story.editor)]
    return _INDENT.join(labels[name] + value for name, value in facts if value)


def _body(at: Desk, story: Story, part: int) -> str:
    texts = [_spoilt(at, story, text) for text in story.parts[part - 1]]
    if story.signed and part == len(story.parts):
        texts[-1] += f"({'、'.join(story.authors)})"
    if story.layout == "br":
        return "<br><br>\n".join(_INDENT + escape(text, quote=False) for text in texts)
    return paragraphs(texts, _INDENT)


def _picture(story: Story) -> str:
    if not story.caption:
        return ""
    return f'<div class="pic"><img src="/pic/{story.number}.svg" alt=""><p>{escape(story.caption)}</p></div>\n'


def _banner(at: Desk) -> str:
    return f'<div class="banner">{escape(annotated(at.words.fanti["banner"], at.words.readings))}</div>\n'


def _disclaimer(at: Desk) -> str:
    words = at.words.fanti
    code = hidden_address(words["email"])
    hidden = f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</a>'
    title, text = (annotated(words[name], at.words.readings) for name in ("disclaimer_title", "disclaimer"))
    return f'<div class="disclaimer"><p>{title}</p><p>{text.format(email=hidden)}</p></div>\n'


def _pager(at: Desk, story: Story, part: int) -> str:
    count = len(story.parts)
    if count == 1:
        return ""
    numbers = [
        f"<b>{number}</b>" if number == part else link(story_path(at, story, part=number), str(number)) for number in range(1, count + 1)
    ]
    before = [link(story_path(at, story, part=part - 1), at.words.labels["previous"])] if part > 1 else []
    after = [link(story_path(at, story, part=part + 1), at.words.labels["next"])] if part < count else []
    return f'<div class="pages">{" ".join(before + numbers + after)}</div>\n'


def _tools(at: Desk, story: Story) -> str:
    tools = [link(_print_path(story), at.words.labels["print"])] if story.printed else []
    tools += [link(_mobile_path(story), at.words.labels["mobile"])] if story.mobile else []
    tools += [link(f"/t/{story.short}", at.words.labels["short"])] if story.short else []
    return f"<p>{' '.join(tools)}</p>\n" if tools else ""


def _comments(at: Desk, story: Story) -> str:
    if not story.comments:
        return ""
    labels = at.words.labels
    said = paragraphs(f"{name}：{words}" for name, words in story.comments)
    return f'<div class="comments"><b>{labels["comments"]}</b>（{labels["comments_note"]}）{said}</div>'
