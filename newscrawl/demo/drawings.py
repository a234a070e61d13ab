"""Pictures made of numbers: small SVG landscapes instead of photographs."""

from __future__ import annotations

_SKIES = ("#cfe3ea", "#f3dfc1", "#d9d4e7", "#e8efe0", "#f0cdbb")
_HILLS = ("#6f8f72", "#4d6b66", "#8a7f5c", "#56708a")
_DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">
<rect width="640" height="360" fill="{sky}"/><circle cx="{sun}" cy="{height}" r="34" fill="#fff6d8"/>
<path d="M0 250 Q{a} {b} 320 230 T640 {c} V360 H0Z" fill="{far}" opacity=".7"/>
<rect y="270" width="640" height="90" fill="#7fa6b5"/><path d="M{boat} 285 h90 l-16 22 h-58z" fill="#5b2b1f"/>
<path d="M{mast} 285 v-60 l38 52z" fill="#fbf7ec"/></svg>
"""


def landscape(number: int) -> bytes:
    """An SVG with sky, sun, hills and a boat; the number decides where."""
    return _DRAWING.format(
        sky=_SKIES[number % len(_SKIES)],
        far=_HILLS[number % len(_HILLS)],
        sun=80 + number * 53 % 480,
        height=60 + number * 17 % 70,
        a=100 + number * 29 % 120,
        b=110 + number * 31 % 90,
        c=180 + number * 13 % 70,
        boat=(boat := 60 + number * 41 % 440),
        mast=boat + 40,
    ).encode()
