"""The language of a text, and for Chinese its script."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 2000  # characters looked at
_WORDS_SAMPLE = 1000  # and of languages that are told by their words
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN_WORD = re.compile(r"[a-zà-ÿąćęłńóśźż]+")
_NO_LATIN = re.compile("[\u0370-\u1cff\u2c00-\uabff\uac00-\ud7af]")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_](hans|hant))?(?:[-_]([a-z]{2}))?\b", re.IGNORECASE)

# Frequent characters that only one of the two scripts has.
_HANS = frozenset(
    "们这个为来对时会国说过后发经还现开关问间见长门无与东车马书业专临举义乐习乡买云亚产亲亿从仅价众优传伤伟关兴养兽内写军农决况冻净减创办务动劳势区协单卖卢卫厂厅历压厌县参双变叶号听启员响团园围图圆圣场坏块坚坛"
)
_HANT = frozenset(
    "們這個為來對時會國說過後發經還現開關問間見長門無與東車馬書業專臨舉義樂習鄉買雲亞產親億從僅價眾優傳傷偉興養獸內寫軍農決況凍淨減創辦務動勞勢區協單賣盧衛廠廳歷壓厭縣參雙變葉號聽啟員響團園圍圖圓聖場壞塊堅壇"
)

_SCRIPTS = {
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}
_WRITTEN_ALIKE = {"ru": {"uk", "be", "bg", "sr", "mk", "kk", "ru", "mn", "ky"}, "ar": {"ar", "fa", "ur", "ps"}, "hi": {"hi", "mr", "ne"}}

_NOT_LATIN = {"zh", "ja", *_SCRIPTS, *(alike for group in _WRITTEN_ALIKE.values() for alike in group)} - {"sr"}
_STOP_WORDS = {
    "en": "the and of to in that is was for with on as by at from his her they which have were been are",
    "de": "der die und das den von mit ist im dem nicht ein eine auf für auch sich des wird sind",
    "es": "el la de que y en los del las por con una para su se es al lo más como",
    "fr": "le la les des et en du une est que dans pour qui sur pas au plus par avec ce",
    "it": "il di che la e per un è del una sono della con non le gli si nel alla anche",
    "pt": "o de que e do da em um para com não uma os no se na por mais as dos",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er ook om naar door",
    "pl": "w i na z się do nie to że jest o po od za jak przez ale dla tym",
}
_SPEAKERS = {
    word: tuple(language for language, words in _STOP_WORDS.items() if word in words.split())
    for words in _STOP_WORDS.values()
    for word in words.split()
}


def language_of(text: str, stated: str = "") -> str:
    """BCP 47 tag of `text`: "zh-Hans", "en", …; "" if unsure. `stated` is what the page claims, believed where the script allows it."""
    sample = text[:_SAMPLE]
    claim = _TAG.match(stated.strip())
    claimed = claim[1].lower() if claim else ""
    if not _NO_LATIN.search(sample):
        return _latin(sample, claimed)
    letters = sum(map(str.isalpha, sample)) or 1
    if len(_KANA.findall(sample)) > letters * 0.1:
        return "ja"
    if len(_HAN.findall(sample)) > letters * 0.3:
        return "ja" if claimed == "ja" else f"zh-{han_script(sample)}".rstrip("-")
    for language, characters in _SCRIPTS.items():
        if len(characters.findall(sample)) > letters * 0.5:
            return claimed if claimed in _WRITTEN_ALIKE.get(language, ()) else language
    return _latin(sample, claimed)


def _latin(sample: str, claimed: str) -> str:
    if claimed and claimed not in _STOP_WORDS and claimed not in _NOT_LATIN:
        return claimed  # a language that the stop words don't tell from its neighbours
    return _by_stop_words(sample) or (claimed if claimed in _STOP_WORDS else "")


def han_script(text: str) -> str:
    """The script, Hans or Hant, by the characters that only one of them has; "" if there are none of either."""
    hans, hant = sum(char in _HANS for char in text), sum(char in _HANT for char in text)
    return "" if hans == hant else "Hans" if hans > hant else "Hant"


def _by_stop_words(text: str) -> str:
    words = _LATIN_WORD.findall(text[:_WORDS_SAMPLE].lower())
    if len(words) < 20:
        return ""
    counts = Counter(language for word in words for language in _SPEAKERS.get(word, ()))
    (best, most), (_, next_most), *_ = [*counts.most_common(2), ("", 0), ("", 0)]
    return best if most > len(words) * 0.08 and most > next_most * 1.3 else ""
