"""Documents that look alike, made of words that nobody uses: reprints, and what is none.

Every document is a dict: "id", "site", "text", "kind" and "story", which copies of one article share.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

Document = dict[str, str]
SITES = [f"gazette{number}" for number in range(12)]
TOWNS = ["Aldermoor", "Brackwell", "Cindery", "Dunholt", "Eastry", "Fennick", "Garrow", "Hollins"]
TOWNS_CHINESE = ["柳湾市", "石桥县", "云岭区", "东塘镇", "白沙市", "南浦县"]
_PARTS = "ba ke lo mi nu pra sto tri ven wol zar chi del fro gam hes ing jor kla lum".split()


class Writer:
    """Writes sentences of one language; all chance comes from the seed."""

    def __init__(self, seed: object, *, chinese: bool = False) -> None:
        self.chance = random.Random(str(seed))
        self.chinese = chinese
        if chinese:
            self._words = [chr(0x4E00 + 11 * number) for number in range(900)]
        else:
            self._words = ["".join(self.chance.choices(_PARTS, k=self.chance.randint(1, 4))) for _ in range(4000)]

    def sentence(self) -> str:
        """8 to 22 words, frequent ones and rare ones."""
        words = [self._words[min(int(self.chance.expovariate(1 / 500)), len(self._words) - 1)] for _ in range(self.chance.randint(8, 22))]
        return "".join(words) + "。" if self.chinese else " ".join(words).capitalize() + "."

    def paragraphs(self, fewest: int, most: int) -> list[str]:
        """Of two to four sentences each."""
        joint = "" if self.chinese else " "
        return [joint.join(self.sentence() for _ in range(self.chance.randint(2, 4))) for _ in range(self.chance.randint(fewest, most))]

    def town(self) -> str:
        """One of a few."""
        return self.chance.choice(TOWNS_CHINESE if self.chinese else TOWNS)

    def number(self) -> int:
        """Of one to three digits."""
        return self.chance.randint(1, 999)


def documents(seed: int, *, of_each: int = 40) -> list[Document]:
    """All kinds in both languages, in an order that mixes them."""
    made: list[Document] = []
    for chinese in (False, True):
        writer = Writer(f"{seed} {chinese}", chinese=chinese)
        for kind, make in KINDS.items():
            for number in range(of_each):
                for site, story, paragraphs in make(writer, f"{kind} {number} {chinese}"):
                    made.append({"id": f"{len(made):06d}", "site": site, "kind": kind, "story": story, "text": "\n".join(paragraphs)})
    random.Random(seed).shuffle(made)
    return made


Made = Iterator[tuple[str, str, Sequence[str]]]


def reprints(writer: Writer, story: str) -> Made:
    """Two to five copies: some paragraphs left out, some words of the copier's, his site's boilerplate below."""
    original = writer.paragraphs(3, 12)
    sites = writer.chance.sample(SITES, writer.chance.randint(2, 5))
    yield sites[0], story, original
    for site in sites[1:]:
        kept = [paragraph for paragraph in original if writer.chance.random() > 0.2] or original
        yield site, story, [writer.sentence(), *kept, *boilerplate(site, kept[0])]


def boilerplate(site: str, like: str) -> list[str]:
    """Three sentences that stand under all articles of a site."""
    writer = Writer(site, chinese=not like.isascii())
    return [writer.sentence() for _ in range(3)]


def short_with_boilerplate(writer: Writer, story: str) -> Made:
    """Three sentences of news, and twice as many under it that all sites of one publisher share."""
    publisher = Writer("publisher", chinese=writer.chinese)
    common = [publisher.sentence() for _ in range(6)]
    yield writer.chance.choice(SITES), story, [writer.sentence(), writer.sentence(), writer.sentence(), *common]


def roundup(writer: Writer, story: str) -> Made:
    """Four articles, and what a fifth site makes of them in one: the beginning of each."""
    articles = [writer.paragraphs(2, 4) for _ in range(4)]
    for number, article in enumerate(articles):
        yield SITES[number], f"{story} {number}", article
    yield SITES[5], f"{story} roundup", [writer.sentence(), *(article[0] for article in articles), articles[0][1]]


def follow_up(writer: Writer, story: str) -> Made:
    """What happened next, and what had happened: half of the text, in its old words."""
    first = writer.paragraphs(4, 8)
    again = first[: len(first) // 2]
    yield SITES[0], f"{story} first", first
    yield writer.chance.choice(SITES), f"{story} next", [*writer.paragraphs(len(again) + 1, len(again) + 3), *again]


def form(writer: Writer, story: str, words: str, words_chinese: str) -> Made:
    """A form with its slots filled in: {n} with a number, {name} with words, {town}."""
    text = words_chinese if writer.chinese else words
    slots = {
        "n": lambda: str(writer.number()),
        "name": lambda: writer.sentence()[: 3 if writer.chinese else 14],
        "town": writer.town,
    }
    yield writer.chance.choice(SITES), story, [re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]](), text)]


def weather(writer: Writer, story: str) -> Made:
    """Many numbers, on many sites."""
    words = """The weather in {town} on day {n}. Today the sun rises at {n} and sets at {n}. Highest temperature {n} degrees, lowest {n}
        degrees, rain {n} mm, wind from the west at {n} km/h, humidity {n} percent. Tomorrow {n} degrees with a chance of rain
        of {n} percent. The pollen count is {n}. All figures come from the county's station and are renewed every morning."""
    words_chinese = """{town}气象台{n}日发布天气预报：今天白天多云，最高气温{n}度，最低气温{n}度，降水概率百分之{n}，西风每小时
        {n}公里，相对湿度百分之{n}。明天最高气温{n}度，后天{n}度。空气质量指数{n}。以上数据由本地气象站提供，每天早晨更新，请市民注意增减衣物，出行注意安全。"""
    return form(writer, story, words, words_chinese)


def lottery(writer: Writer, story: str) -> Made:
    """Fixed words around numbers that were drawn."""
    words = """These are the numbers of draw {n}: {n} {n} {n} {n} {n} {n}, bonus {n}. The jackpot stands at {n} thousand. Whoever holds a
        winning ticket has sixty days to claim the prize at any office of the county lottery. The next draw is held on day {n},
        tickets are sold until an hour before."""
    words_chinese = """第{n}期开奖号码为{n}、{n}、{n}、{n}、{n}、{n}，特别号码{n}。本期奖池累计{n}万元。中奖者请于六十天内
        携带有效证件到各销售网点兑奖，逾期视为弃奖。下期开奖时间为{n}日晚，彩票销售至开奖前一小时截止。"""
    return form(writer, story, words, words_chinese)


def court_list(writer: Writer, story: str) -> Made:
    """Names, times, rooms."""
    lines = writer.chance.randint(5, 9)
    words = (
        "The county court hears these cases in public today. "
        + "{n} in room {n}: the county against {name}, hearing of witnesses. " * lines
    )
    return form(writer, story, words, "县人民法院今日公开开庭审理下列案件：" + "{n}时第{n}法庭，{name}诉{name}买卖合同纠纷一案。" * lines)


def notice(writer: Writer, story: str) -> Made:
    """An announcement in which only names, places and times are of its own."""
    words = """With deep sorrow the family of {name} of {town} makes known that the service will be held on day {n} at {n} o'clock in
        the chapel of {town}. Instead of flowers the family asks for gifts to the house of {name} in {town}. Friends may call on
        {name} from {n} o'clock on."""
    words_chinese = """{town}{name}先生因病医治无效，于{n}日在家中逝世，享年{n}岁。定于{n}日上午在{town}殡仪馆举行告别仪式，
        丧事从简，敬请亲友届时参加。家属{name}、{name}泣告。"""
    return form(writer, story, words, words_chinese)


KINDS: dict[str, Callable[[Writer, str], Made]] = {
    "reprint": reprints,
    "short, boilerplate": short_with_boilerplate,
    "roundup": roundup,
    "follow-up": follow_up,
    "weather": weather,
    "lottery": lottery,
    "court list": court_list,
    "notice": notice,
}
