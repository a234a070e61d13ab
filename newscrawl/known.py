"""What is known before a batch is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newscrawl.models import Article


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of the articles that a batch is about."""

    by_id: Mapping[str, Article]
    by_content: Mapping[tuple[str, str], Article]  # (site, content_hash): the article first seen with it
    by_alias: Mapping[tuple[str, str], Article] = field(default_factory=dict)  # (site, url): the article that is also at this address
