"""Articles to measure searching with: 5 KB each, of sites in three languages, in words as frequent and as rare as real ones.

Words are drawn by Zipf's law with the shift that Mandelbrot found: the common words of a language head its list, what follows is made of
its syllables or characters. Of an article's words a fifth belong to its topic, so that words keep company, as they do in news.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from newscrawl.clean.text import search_form
from newscrawl.models import Article, Kind, Moment, Result, Settlement, State, Target

BYTES = 5_000  # of an article's text
FIRST = datetime(2023, 9, 1, tzinfo=UTC)
SPAN = 3 * 365 * 24 * 60  # minutes in which articles were published
SITES = 40
TOPICS = 60
VOCABULARY = 30_000

_ENGLISH = (
    "the of and to in a for that on is said with was at as it by be from he has have are an will his but not this they new who one year "
    "were been more their which or had its about we city people police two when after council up school would county state out if there "
    "all first last year she also could other time mayor local can over some into than her road public government water health work park "
    "team budget house court community residents students officials project board fire office service plan meeting building children open "
    "today harbour ferry bridge weather market hospital library festival election museum railway farmers storm factory river "
    "teachers bus"
)
_SPANISH = (
    "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin "
    "sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto antes algunos "
    "ciudad gobierno año años personas alcalde municipal policía agua escuela salud puente mercado puerto lluvia hospital obras vecinos "
    "familias seguridad proyecto trabajo calle barrio elecciones fiesta biblioteca museo tormenta río maestros campo tren carretera"
)
_CHINESE = (
    "的 了 在 是 和 有 为 年 月 日 不 将 对 与 中 等 上 也 到 个 工作 发展 我们 城市 建设 记者 "
    "市民 表示 目前 今年 进行 服务 社区 企业 学校 通过 活动 "
    "相关 项目 问题 居民 今天 昨日 "
    "部门 群众 管理 安全 医院 老人 孩子 经济 生活 文化 交通 环境 道路 警方 市场 公园 教育 天气 政府 台风 大桥 港口 地铁 "
    "图书馆 博物馆 渡轮 暴雨 农民 铁路 选举 工厂 老师"
)
_SYLLABLES = "ba ke lo mi nu pra sto tri ven wol zar chi del fro gam hes ing jor kla lum ter son ley field ton mer an ri ca do".split()
_CHARACTERS = [chr(0x4E00 + 7 * number) for number in range(2_500)]
_SECTIONS = ["City", "Sport", "Business", "Culture", "Courts", "Schools", "Weather", "Opinion", "要闻", "社会", "体育", "财经"]


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as a list of words, the most frequent first."""

    code: str
    words: np.ndarray[Any, np.dtype[np.object_]]
    joint: str
    stop: str
    bytes: float  # of a word with its joint


@cache
def tongues() -> tuple[Tongue, ...]:
    """English and Chinese, and Spanish, which shares little with either."""
    return (_latin("en", _ENGLISH, 1), _chinese(), _latin("es", _SPANISH, 2))


def _latin(code: str, common: str, seed: int) -> Tongue:
    chance = np.random.default_rng(seed)
    made = ["".join(chance.choice(_SYLLABLES, chance.integers(2, 5))) for _ in range(VOCABULARY)]
    words = list(dict.fromkeys([*common.split(), *made]))
    return Tongue(code, np.array(words, dtype=object), " ", ". ", 7.9)


def _chinese() -> Tongue:
    chance = np.random.default_rng(3)
    weights = _zipf(len(_CHARACTERS))
    made = ["".join(chance.choice(_CHARACTERS, 2, p=weights)) for _ in range(VOCABULARY)]
    return Tongue("zh-Hans", np.array(list(dict.fromkeys([*_CHINESE.split(), *made])), dtype=object), "", "。", 5.6)


@cache
def _zipf(many: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    weights: np.ndarray[Any, np.dtype[np.float64]] = 1 / (np.arange(many) + 2.7)
    weights /= weights.sum()
    return weights


@cache
def _cumulated(many: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    summed: np.ndarray[Any, np.dtype[np.float64]] = np.cumsum(_zipf(many))
    return summed


def _drawn(chance: np.random.Generator, tongue: Tongue, many: int, topic: int) -> list[str]:
    """Words of an article: common ones by their frequency, and those of its topic."""
    ranks = np.searchsorted(_cumulated(len(tongue.words)), chance.random(many) * 0.999_999)
    own = chance.random(many) < 0.2
    # A topic's words lie scattered over the list, each topic's elsewhere.
    ranks[own] = (80 + topic * 37 + (chance.exponential(25, int(own.sum()))).astype(int) * 7) % len(tongue.words)
    return list(tongue.words[ranks])


def _paragraphs(tongue: Tongue, words: list[str], chance: np.random.Generator) -> str:
    lines, sentence, at = [], [], 0
    lengths = chance.integers(6, 24, len(words) // 6 + 2)
    for length in lengths:
        if at >= len(words):
            break
        piece = tongue.joint.join(words[at : at + length])
        sentence.append(piece[:1].upper() + piece[1:])
        at += int(length)
        if len(sentence) == 4:
            lines.append(tongue.stop.join(sentence) + tongue.stop.strip())
            sentence = []
    return "\n".join([*lines, tongue.stop.join(sentence) + tongue.stop.strip()] if sentence else lines)


def story(number: int) -> Article:
    """The article of this number; always the same."""
    chance = np.random.default_rng(number)
    site = min(int(chance.exponential(8)), SITES - 1)
    tongue = tongues()[site % len(tongues())]
    topic = int(chance.integers(TOPICS))
    title = tongue.joint.join(_drawn(chance, tongue, 9, topic)).capitalize()
    text = _paragraphs(tongue, _drawn(chance, tongue, int(BYTES / tongue.bytes), topic), chance)
    time = FIRST + timedelta(minutes=int(chance.integers(SPAN)))
    only_day = site % 4 == 0
    published = Moment(time.replace(hour=0, minute=0), "day", "+08:00") if only_day else Moment(time, "minute", "+08:00")
    names = [f"{tongue.words[500 + int(who)]} {tongue.words[900 + site]}".title() for who in chance.exponential(12, chance.integers(0, 3))]
    url = f"https://paper{site}.example/{time:%Y/%m}/{number}.html"
    return Article(
        id=digest(f"story {number}"),
        site=f"paper{site}",
        url=url,
        title=title,
        text=text,
        text_published=text,
        text_search=search_form(f"{title}\n{text}"),
        first_seen=FIRST + timedelta(seconds=number),
        last_seen=FIRST + timedelta(seconds=number),
        capture=digest(f"capture {number}"),
        content_hash=digest(text),
        reader="1",
        authors=tuple(dict.fromkeys(names)),
        published=published,
        section=_SECTIONS[int(chance.integers(len(_SECTIONS)))],
        language=tongue.code,
        cluster="",
    )


def settlements(start: int, end: int) -> Iterator[Settlement]:
    """These stories as a crawl settles them."""
    for number in range(start, end):
        one = story(number)
        page = Target(digest(one.url), one.site, one.url, Kind.PAGE, one.first_seen, State.DONE, result=Result.ARTICLE)
        yield Settlement(page, article=one)


def digest(name: str) -> str:
    """An id as long as the real ones."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]
