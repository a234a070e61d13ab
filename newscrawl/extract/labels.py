"""Section, tags, summary and source outlet: what sorts an article, and where each stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from newscrawl.extract.structured import Claim, Structured
from newscrawl.models import Evidence

_CONFIDENCE = {"json-ld": 0.95, "meta": 0.9, "og": 0.9, "rel": 0.85, "breadcrumbs": 0.8, "trail": 0.7, "dateline": 0.8, "keywords": 0.5}
_LONGEST_SECTION, _LONGEST_TAG = 40, 60  # characters
_MOST_TAGS = 30
_LONGEST_TRAIL = 120
# "Home > City > Bridges" on a line above the headline; some pages end it with the headline or "text".
_TRAIL = re.compile(r"^[^>»›]{1,30}(?:\s*(?:>{1,2}|[»›])\s*[^>»›]{1,60}){1,5}$")
_STEP = re.compile(r"\s*(?:>{1,2}|[»›])\s*")
_HERE = re.compile(r"^(?:正文|内容|詳細|详细|文章|新闻正文|article|text|artikel)$|[.…]$", re.IGNORECASE)
# Agencies sign at the beginning: 新华社河东5月17日电, HEDONG (ABC) -, (abc) –
_DATELINE = re.compile(
    r"^[（(【]?(?P<han>[\u4e00-\u9fff]{2,5}[社网網])[\u4e00-\u9fff、\s]{0,12}\d{1,2}月\d{1,2}日[\u4e00-\u9fff]{0,6}(?:电|電|讯|訊|消息)"
    r"|^.{0,40}?\((?P<latin>[A-Za-z]{2,8}(?:/[A-Za-z]{2,8})?)\)\s?[-–—]"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What sorts an article, and why."""

    section: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    outlet: str = ""  # from which the article was taken, if something else than a line that says so tells
    evidence: Mapping[str, Evidence] = field(default_factory=dict)  # by name of the field; "source" is the outlet's


def labels_of(stated: Structured, above: Sequence[str], paragraphs: Sequence[str], *, title: str) -> Labels:
    """Labels of a page; `above` are the lines before its headline, the nearest first.

    Keywords of a <meta> are often those of the whole site: only those that the article itself contains are its tags.
    """
    claims = [Claim(claim.source, claim.value.strip(" -–—>»›:：|/")) for claim in (*stated.sections, *_trails(above, title))]
    section = _best([claim for claim in claims if _may_be_section(claim)])
    outlet = _best([claim for claim in (*stated.outlets, *_datelines(paragraphs)) if "//" not in claim.value and len(claim.value) <= 60])
    summary = _best(stated.summaries)
    tags = _first_group(
        [claim for claim in stated.tags if claim.source != "keywords" or claim.value in f"{title} {' '.join(paragraphs)}"], title
    )
    found = {"section": section, "summary": summary, "source": outlet, "tags": tags}
    return Labels(
        section=section[0].value if section else "",
        tags=tuple(dict.fromkeys(claim.value for claim in tags))[:_MOST_TAGS],
        summary=summary[0].value if summary else "",
        outlet=outlet[0].value if outlet else "",
        evidence={name: _evidence(claims, alone=name != "tags") for name, claims in found.items() if claims},
    )


def _may_be_section(claim: Claim) -> bool:
    return 0 < len(claim.value) <= _LONGEST_SECTION and "//" not in claim.value


def _best(claims: Sequence[Claim]) -> list[Claim]:
    """The claim that is taken, and those that say something else."""
    if not claims:
        return []
    others = {claim.value.casefold(): claim for claim in claims[::-1]}
    others.pop(claims[0].value.casefold())
    return [claims[0], *list(others.values())[::-1]]


def _first_group(claims: Sequence[Claim], title: str) -> list[Claim]:
    """The claims of the most trustworthy source that are no headline."""
    first = claims[0].source if claims else ""
    group = [claim for claim in claims if claim.source == first and len(claim.value) <= _LONGEST_TAG]
    return [Claim(first, tag) for claim in group for tag in _apart(claim.value) if tag != title]


def _apart(tag: str) -> list[str]:
    """Chinese tags that only spaces divide."""
    words = tag.split()
    return words if len(words) > 2 and not any(map(str.isascii, words)) else [tag]


def _evidence(claims: Sequence[Claim], *, alone: bool) -> Evidence:
    others = tuple((claim.source, claim.value) for claim in claims[1:4]) if alone else ()
    return Evidence(claims[0].source, _CONFIDENCE[claims[0].source], others)


def _trails(above: Iterable[str], title: str) -> list[Claim]:
    """The section that breadcrumbs on the page name."""
    for line in above:
        if len(line) <= _LONGEST_TRAIL and _TRAIL.match(line):
            steps = [step for step in _STEP.split(line)[1:] if step and not _HERE.search(step) and step not in title and title not in step]
            return [Claim("trail", step) for step in steps[-1:]]
    return []


def _datelines(paragraphs: Sequence[str]) -> list[Claim]:
    found = (_DATELINE.match(paragraph) for paragraph in paragraphs[:2])
    return [Claim("dateline", match["han"] or match["latin"]) for match in found if match]
