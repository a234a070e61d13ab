"""How some portals spoil traditional text: a converter puts readings behind characters, byte by byte in GBK."""

from __future__ import annotations

from collections.abc import Mapping


def annotated(text: str, readings: Mapping[str, str]) -> str:
    """`text` with each reading behind its character, also where two bytes only look like one because they straddle a border."""
    spoilt = text.encode("gbk")
    for character, reading in readings.items():
        pair = character.encode("gbk")
        spoilt = spoilt.replace(pair, pair + f"({reading})".encode("gbk"))
    return _decoded(spoilt)


def _decoded(data: bytes) -> str:
    """GBK as such converters read it: a pair that is none becomes one question mark."""
    characters, position = [], 0
    while position < len(data):
        width = 1 if data[position] < 0x80 else 2
        try:
            characters.append(data[position : position + width].decode("gbk"))
        except UnicodeDecodeError:
            characters.append("?")
        position += width
    return "".join(characters)


def hidden_address(address: str, key: int = 0x5A) -> str:
    """An e-mail address as Cloudflare hides it: the key and every byte under it, in hexadecimal."""
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()
