"""Remarks on a text: why a paragraph was left out of it, and what is wrong with what it is."""

from __future__ import annotations

from enum import StrEnum


class Dropped(StrEnum):
    """Why a paragraph is not the article."""

    BANNER = "banner"  # the site's greeting or slogan
    TITLE = "title"  # the headline once more
    META = "meta"  # breadcrumbs, source and date, size of letters
    SHARE = "share"  # share, print, comment, subscribe
    EDITOR = "editor"
    DISCLAIMER = "disclaimer"
    COPYRIGHT = "copyright"
    RELATED = "related"  # heading of a list of other articles, or one of its headlines
    CUT_OFF = "cut-off"  # a headline that ends in the middle
    REPEATED = "repeated"  # stands on the site's other pages too


class Alarm(StrEnum):
    """What is wrong with a text that is stored all the same."""

    DAMAGED = "damaged"  # garbled before we saw it, or by reading it in the wrong encoding
    CUT = "cut"  # the page was too large or too tangled to be read to its end
