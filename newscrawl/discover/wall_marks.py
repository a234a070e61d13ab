"""How pages that let only people in give themselves away. All in lower case."""

from __future__ import annotations

from collections.abc import Mapping

# Header, how its value begins, whose it is: sent with nothing but a refusal.
HEADERS: tuple[tuple[str, str, str], ...] = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-vercel-mitigated", "", "Vercel"),
    ("x-sucuri-block", "", "Sucuri"),
)

# Strings of which all stand in the page. None is found in what these services add to pages that they let through.
MARKS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Cloudflare": (
        ("_cf_chl_opt",),
        ("cf-browser-verification",),
        ("<title>just a moment...",),
        ("<title>attention required! | cloudflare",),
        ("used cloudflare to restrict access",),
    ),
    "DataDome": (("captcha-delivery.com",),),
    "HUMAN (PerimeterX)": (("px-captcha",), ("_pxappid", "has been denied")),
    "Imperva": (("_incapsula_resource", "incident id"), ("_incapsula_resource", "main-iframe"), ("<title>pardon our interruption",)),
    "Akamai": (("access denied", "edgesuite"), ("bm-verify=",), ("sec-if-cpt-container",)),
    "Sucuri": (("sucuri_cloudproxy_js",), ("sucuri website firewall", "access denied")),
    "AWS WAF": (("awswafcookiedomainlist",), ("gokuprops", "challenge")),
    "Anubis": (("anubis_challenge",), ("/.within.website/x/cmd/anubis",)),
    "Vercel": (("vercel security checkpoint",),),
    "Kasada": (("/ips.js?", "kpsdk"),),
    "Fastly": (("/_fs-ch-",),),
    "DDoS-Guard": (("<title>ddos-guard",),),
    "Radware": (("radware captcha page",), ("radware bot manager captcha",)),
    "F5": (("the requested url was rejected. please consult with your administrator",),),
    "SiteGround": (("/.well-known/sgcaptcha/",),),
    "SafeLine 雷池": (("/.safeline/",), ("slg-title", "slg-box")),
    "Alibaba Cloud 阿里云": (("acw_sc__v2", "arg1"), ("aliyun_waf_aa",), ("_____tmd_____",)),
    "Baidu 百度": (("wappass.baidu.com",),),
    "Knownsec 加速乐": (("__jsl_clearance",), ("<script>document.cookie=", "location.href=location.pathname+location.search")),
    "Qianxin 奇安信": (("wzwschallenge",),),
    "Ruishu 瑞数": (("$_ts=window['$_ts']",),),
}

# What headings of such pages say, whoever made them.
HEADINGS: tuple[str, ...] = (
    # English
    "verify you are human", "verify that you are human", "verifying you are human", "are you a robot", "are you human", "not a robot",
    "not a bot", "robot check", "bot verification", "human verification", "security check", "security verification",
    "checking your browser", "browser check", "captcha", "unusual traffic", "client challenge", "ddos protection",
    # Chinese
    "安全验证", "访问验证", "滑动验证", "人机验证", "机器人验证", "行为验证", "安全检查", "安全检测",
    "浏览器安全检查", "浏览器检查", "输入验证码", "验证码", "完成验证", "拖动滑块", "访问过于频繁", "访问频繁",
    "访问异常", "异常访问", "访问被拦截", "请求被拦截", "请求已被拦截", "拦截提示", "网站防火墙", "安全驗證",
    "訪問驗證", "滑動驗證", "人機驗證", "機器人驗證", "輸入驗證碼", "驗證碼", "訪問過於頻繁",
    # Spanish, Portuguese
    "verifica que eres humano", "verifique que es humano", "no eres un robot", "no soy un robot", "no es un robot", "verificación humana",
    "verificación de seguridad", "comprobación de seguridad", "verifique se você é humano", "não é um robô", "não sou um robô",
    "verificação de segurança",
    # French, Italian
    "vérifiez que vous êtes humain", "vous êtes humain", "pas un robot", "vérification de sécurité", "contrôle de sécurité",
    "non sei un robot", "non sono un robot", "verifica di sicurezza", "controllo di sicurezza",
    # German, Dutch, Polish
    "sie ein mensch sind", "kein roboter", "sicherheitsüberprüfung", "sicherheitsprüfung", "sicherheitskontrolle", "geen robot",
    "beveiligingscontrole", "nie jesteś robotem", "nie jestem robotem", "weryfikacja bezpieczeństwa",
    # Russian, Ukrainian, Turkish
    "вы не робот", "я не робот", "проверка безопасности", "проверка браузера", "перевірка безпеки", "ви не робот", "robot değilim",
    "robot olmadığınızı doğrulayın", "güvenlik doğrulaması", "güvenlik kontrolü",
    # Japanese, Korean
    "ロボットではありません", "ロボットではないことを確認", "人間であることを確認", "セキュリティチェック",
    "로봇이 아닙니다", "사람인지 확인", "보안 확인", "보안 검사",
    # Arabic, Vietnamese, Indonesian
    "لست روبوتا", "لست برنامج روبوت", "التحقق الأمني", "التحقق من الأمان", "không phải là robot", "xác minh bảo mật",
    "kiểm tra bảo mật", "bukan robot", "pemeriksaan keamanan", "verifikasi keamanan",
)  # fmt: skip

# What such pages work with: needed beside the heading where the server says that all is well.
TOOLS: tuple[str, ...] = tuple(
    "captcha geetest turnstile slider verifycode checkcode vcode 滑块 滑動 滑动 验证码 驗證碼 challenge proof-of-work".split()
)

# What pages with an article on them have.
ARTICLE: tuple[str, ...] = ("<article", '"newsarticle"', "datepublished", "article:published_time", 'content="article"')
