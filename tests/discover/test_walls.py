"""Pages that let only people in, and pages that only talk about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discover.wall_marks import HEADINGS, MARKS
from newscrawl.discover.walls import LARGEST, wall


def page(title: str = "", body: str = "", *, head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


# As each service writes them, with everything left out that doesn't tell.
WALLS = {
    "Cloudflare, managed": (403, "Cloudflare", page("Just a moment...", "<script>window._cf_chl_opt={cType:'managed'};</script>")),
    "Cloudflare, old": (503, "Cloudflare", page("Please wait", '<form id="x" class="cf-browser-verification"></form>')),
    "Cloudflare, blocked": (403, "Cloudflare", page("Attention Required! | Cloudflare", "<h1>Sorry</h1>")),
    "DataDome": (403, "DataDome", page("gazette.example", "<script>var dd={'host':'geo.captcha-delivery.com'}</script>")),
    "HUMAN": (403, "HUMAN (PerimeterX)", page("Denied", '<div id="px-captcha"></div>')),
    "Imperva": (200, "Imperva", page("", '<iframe id="main-iframe" src="/_Incapsula_Resource?x=1">Request failed.</iframe>')),
    "Akamai": (403, "Akamai", page("Access Denied", "Reference&#32;&#35;18 https&#58;&#47;&#47;errors&#46;edgesuite&#46;net")),
    "Akamai, interstitial": (200, "Akamai", page("", head="""<meta http-equiv="refresh" content="5; URL='/?bm-verify=AAQ'">""")),
    "Sucuri": (200, "Sucuri", page("One moment", "<script>sucuri_cloudproxy_js='';</script>")),
    "AWS WAF": (202, "AWS WAF", page("", '<script>window.awsWafCookieDomainList=[];</script><div id="challenge-container"></div>')),
    "Anubis": (200, "Anubis", page("Hold on", '<script id="anubis_challenge" type="application/json">{}</script>Loading')),
    "F5": (200, "F5", page("Request Rejected", "The requested URL was rejected. Please consult with your administrator.")),
    "SafeLine": (468, "SafeLine 雷池", page("", head='<link rel="icon" href="/.safeline/static/favicon.png">')),
    "Alibaba": (200, "Alibaba Cloud 阿里云", b"<html><script>var arg1='AB12';document.cookie='acw_sc__v2='+arg1;</script></html>"),
    "Knownsec": (521, "Knownsec 加速乐", b"<script>document.cookie=('_')+('_');location.href=location.pathname+location.search</script>"),
    "nobody's, English": (403, "captcha", page("Please verify you are human", "<p>Tick the box.</p>")),
    "nobody's, with 200": (200, "captcha", page("Security check - Gazette", '<div class="g-recaptcha"></div>')),
    "nobody's, in a heading": (429, "captcha", page("gazette.example", "<h2>Are you a robot?</h2>")),
    "nobody's, Chinese": (200, "captcha", page("百度安全验证", "<div class='slider'>请拖动</div>")),
    "nobody's, GBK": (200, "captcha", page("滑动验证", "<p>请按住滑块</p>").decode().encode("gbk")),
    "nobody's, 访问验证": (503, "captcha", page("访问验证", "")),
    "nobody's, Spanish": (403, "captcha", page("Verificación de seguridad", "<p>Un momento.</p>")),
    "nobody's, Russian": (403, "captcha", page("Вы не робот?", "")),
    "nobody's, Japanese": (403, "captcha", page("私はロボットではありません", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", WALLS)
def test_walls(name):
    status, whose, body = WALLS[name]
    assert wall(status, (), body) == whose


@pytest.mark.parametrize(
    ("header", "whose"),
    [
        (("CF-Mitigated", "challenge"), "Cloudflare"),
        (("x-amzn-waf-action", "captcha"), "AWS WAF"),
        (("X-Vercel-Mitigated", "challenge"), "Vercel"),
        (("X-Sucuri-Block", "EVA122"), "Sucuri"),
        (("cf-mitigated", "nothing"), ""),
        (("cf-ray", "8a1"), ""),
    ],
)
def test_a_header_is_enough(header, whose):
    assert wall(403, [("Content-Type", "text/html"), header], b"") == whose


_PARAGRAPHS = "".join(
    f"<p>The council tried the captcha for the {number}th time and could not say where the lamps were.</p>" for number in range(20)
)
_LINKS = "".join(f'<a href="/{number}">Ferry {number} is late</a>' for number in range(10))

# All of these are for reading.
PAGES = {
    "an article about captchas": page("Are you a robot? | Gazette", f"<h1>Are you a robot?</h1>{_PARAGRAPHS}"),
    "a short one, in an article element": page("Captcha", '<article>It is back.<div class="g-recaptcha"></div></article>'),
    "a short one with its date": page("验证码", "<p>短讯</p>", head='<meta property="article:published_time" content="2026-05-01">'),
    "an article that quotes a mark": page("How walls work", f"<code>_cf_chl_opt</code>{_PARAGRAPHS}"),
    "an article in Chinese": page("警方提醒：验证码不要告诉别人", "<p>" + "收到短信的市民应当先打电话核实，再决定是否回复。" * 30 + "</p>"),
    "a warning of one line": page("警方提醒：验证码千万不要告诉别人", "<p>验证码就是钥匙。</p>"),
    "a list that has a form": page("Security check", f'{_LINKS}<div class="g-recaptcha"></div>'),
    "what Cloudflare adds to every page": page("Late", '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'),
    "what Imperva adds": page("Gazette", '<p>Late.</p><script src="/_Incapsula_Resource?SWJIYLWA=1"></script>'),
    "what HUMAN adds": page("Gazette", "<p>Late.</p><script>window._pxAppId='PX1';</script>"),
    "a plain refusal": page("403 Forbidden", "<h1>Forbidden</h1>"),
    "a log-in": page("Log in", "<form><input name=password></form>"),
    "robots.txt": b"User-agent: *\nDisallow: /captcha/\nDisallow: /verify",
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize("name", PAGES)
def test_pages(name, status):
    assert wall(status, (), PAGES[name]) == ""


def test_where_all_is_well_a_heading_alone_says_nothing():
    assert wall(200, (), page("Security check", "<p>At the airport, shoes stay on.</p>")) == ""
    assert wall(403, (), page("Security check", "<p>At the airport, shoes stay on.</p>")) == "captcha"


def test_a_page_too_large_for_a_wall_is_none():
    assert wall(403, (), page("Just a moment...", "<p></p>" * LARGEST)) == ""


def test_a_mark_may_stand_behind_styles():
    assert wall(403, (), page("", head=f"<style>{'a{}' * 3_000}</style>", body="<script>_cf_chl_opt={}</script>")) == "Cloudflare"


def test_the_vocabulary_is_in_lower_case():
    words = [*HEADINGS, *(mark for ways in MARKS.values() for marks in ways for mark in marks)]
    assert words == [word.lower() for word in words]


@given(st.integers(100, 999), st.binary(max_size=300) | st.text(max_size=100).map(lambda text: page(text, text)))
def test_no_page_makes_it_raise(status, body):
    assert isinstance(wall(status, (), body), str)
