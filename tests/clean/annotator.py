"""The machine that makes the artefact: pinyin put behind characters by replacing bytes of a GBK text, as some sites do."""

from collections.abc import Mapping


def annotated(text: str, readings: Mapping[str, str]) -> str:
    """The text with a reading behind every byte pair that looks like one of the characters, decoded as a careless site would."""
    raw = text.encode("gbk")
    for character, reading in readings.items():
        pair = character.encode("gbk")
        raw = raw.replace(pair, pair + f"({reading})".encode("gbk"))
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    """GBK as PHP reads it: two bytes that are no character become one question mark."""
    text, position = "", 0
    while position < len(raw):
        width = 1 if raw[position] < 0x80 else 2
        pair = raw[position : position + width]
        text += pair.decode("gbk") if is_character(pair) else "?"
        position += width
    return text


def is_character(pair: bytes) -> bool:
    try:
        return len(pair.decode("gbk")) == 1
    except UnicodeDecodeError:
        return False
