"""Keys as other archives make them: the second column was made by the `surt` package, version 0.3.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.surt import surt_key

KEYS = """
https://www.news.example.org/2026/Bridge/?page=2#top org,example,news)/2026/bridge?page=2
http://example.com com,example)/
http://example.com/ com,example)/
http://example.com/? com,example)/
http://www2.example.com:80/a//b/../c/./d/ com,example)/a/c/d
https://example.com:443/ com,example)/
https://example.com:8443/x com,example:8443)/x
http://user:pw@example.com/a com,example)/a
http://example.com/a?b=2&a=1&a=0 com,example)/a?a=0&a=1&b=2
http://example.com/a?b=&a&c=3& com,example)/a?&a&b=&c=3
http://example.com/%E4%B8%AD%E6%96%87?q=%E4%B8%AD com,example)/%e4%b8%ad%e6%96%87?q=%e4%b8%ad
http://例え.jp/x jp,xn--r8jz45g)/x
http://example.com/%2561 com,example)/a
http://example.com/a%20b?c+d=%20 com,example)/a%20b?c+d=%20
http://127.0.0.1:8010/a 1,0,0,127:8010)/a
http://example.com/?PHPSESSID=0123456789abcdef0123456789abcdef&x=1 com,example)/?x=1
http://example.com/?x=1&PHPSESSID=0123456789abcdef0123456789abcdef com,example)/?&x=1
http://example.com/?x=1&sid=0123456789abcdef0123456789abcdef&y=2 com,example)/?x=1&y=2
http://example.com/a.aspx?x=1 com,example)/a.aspx?x=1
http://www.example.com.:80/ com,example)/
http://example.com/a?x=1?y=2 com,example)/a?x=1?y=2
http://example.com/a/b.html/ com,example)/a/b.html
http://example.com/a?url=http://b.com/x/../y com,example)/a?url=http://b.com/x/../y
http://example.com/a%2Fb com,example)/a/b
http://example.com/a/?x=%23 com,example)/a?x=%23
http://EXAMPLE.com/A/B?C=D com,example)/a/b?c=d
http://www.example.com/www.x com,example)/www.x
http://www.com/ com)/
http://example.com// com,example)/
http://example.com/a?%E4=1 com,example)/a?%e4=1
http://example.com/%ff%fe com,example)/%ff%fe
https://gazette.example/(S(0123456789abcdefghijklmn))/page.aspx example,gazette)/page.aspx
https://gazette.example/新闻?页=2 example,gazette)/%e6%96%b0%e9%97%bb?%e9%a1%b5=2
https://gazette.example:8640/index.php?sid=0123456789abcdef0123456789abcdef&page=2 example,gazette:8640)/index.php?page=2
http://gazette.example/?CFID=1&CFTOKEN=2&b=1 example,gazette)/?b=1
http://[2001:db8::1]:8010/a 2001:db8::1:8010)/a
"""
PAIRS = [tuple(line.split(" ")) for line in KEYS.strip().splitlines()]


@pytest.mark.parametrize(("url", "key"), PAIRS, ids=lambda value: value[-30:])
def test_a_key_is_that_of_the_internet_archive(url, key):
    assert surt_key(url) == key


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_address_has_a_key(path, query):
    key = surt_key(f"https://gazette.example/{path}?{query}")
    assert key.startswith("example,gazette)/")
    assert "\n" not in key


def test_what_is_no_address_of_the_web_is_its_own_key():
    assert surt_key("dns:Gazette.example") == "dns:gazette.example"
