"""Words for months, days and spans of time, as news sites write them."""

from __future__ import annotations

_MONTHS = {
    1: "january jan januar jänner januari enero ene janvier janv gennaio gen janeiro january января январь "
    "янв stycznia styczeń sty ocak  วินาที"
    "ιανουαρίου ιανουάριος ιαν leden ledna januára يناير जनवरी "
    "جانفي sausio janvāris janvārī",
    2: "february feb februar februari febrero février fevrier févr fevr fév febbraio fevereiro fev февраля февраль фев "
    "lutego luty lut şubat "
    "φεβρουαρίου φεβρουάριος φεβ فبراير फरवरी "
    "شباط فيفري vasario februāris februārī",
    3: "march mar märz maerz mär mrz marzo mars março marco maart mrt марта март мар marca marzec mart μαρτίου μάρτιος μαρ مارس मार्च "
    "آذار kovo marts martā",
    4: "april apr abril abr avril avr aprile апреля апрель апр kwietnia kwiecień kwi nisan απριλίου απρίλιος απρ أبريل ابريل अप्रैल "
    "نيسان أفريل balandžio aprīlis aprīlī",
    5: "may mai mayo maggio mag maio mei maj maja мая май mayıs μαΐου μαϊου μάιος μαι مايو मई "
    "أيار ماي gegužės maijs maijā",
    6: "june jun juni junio juin giugno giu junho июня июнь июн czerwca czerwiec cze haziran ιουνίου ιούνιος ιουν يونيو जून "
    "حزيران جوان birželio jūnijs jūnijā",
    7: "july jul juli julio juillet juil luglio lug julho июля июль июл lipca lipiec lip temmuz ιουλίου ιούλιος ιουλ يوليو जुलाई "
    "تموز جويلية يوليوز liepos jūlijs jūlijā",
    8: "august aug agosto ago août aout augustus августа август авг sierpnia sierpień sie ağustos αυγούστου "
    "αύγουστος αυγ أغسطس اغسطس अगस्त "
    "آب أوت غشت rugpjūčio augusts augustā",
    9: "september sep sept septiembre setiembre septembre settembre set setembro сентября сентябрь сен сент września wrzesień wrz eylül "
    "σεπτεμβρίου σεπτέμβριος σεπ سبتمبر सितंबर सितम्बर "
    "أيلول شتنبر rugsėjo septembris septembrī",
    10: "october oct oktober okt octubre octobre ottobre ott outubro out октября октябрь окт października październik paź ekim "
    "οκτωβρίου οκτώβριος οκτ أكتوبر اكتوبر अक्टूबर अक्तूबर "
    "spalio oktobris oktobrī",
    11: "november nov noviembre novembre novembro ноября ноябрь ноя нояб listopada listopad lis "
    "kasım νοεμβρίου νοέμβριος νοε نوفمبر नवंबर नवम्बर "
    "نونبر lapkričio novembris novembrī",
    12: "december dec dezember dez diciembre dic décembre decembre déc dicembre dezembro desember des "
    "декабря декабрь дек grudnia grudzień gru "
    "aralık δεκεμβρίου δεκέμβριος δεκ ديسمبر दिसंबर दिसम्बर "
    "دجنبر gruodžio decembris decembrī",
}  # fmt: skip
# Arabic months of two words, as the one word that other countries use.
TWO_WORDS = {"كانون الثاني": "يناير", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر"}
MONTH = {name: number for number, names in _MONTHS.items() for name in names.split()}

THAI_MONTH = {
    name: number
    for number, names in enumerate(
        (
            "มกราคม ม.ค.", "กุมภาพันธ์ ก.พ.", "มีนาคม มี.ค.", "เมษายน เม.ย.", "พฤษภาคม พ.ค.", "มิถุนายน มิ.ย.", "กรกฎาคม ก.ค.", "สิงหาคม ส.ค.",
            "กันยายน ก.ย.", "ตุลาคม ต.ค.", "พฤศจิกายน พ.ย.", "ธันวาคม ธ.ค.",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# What to add to a year of an era to get the common one: 民國112年, 令和5年.
ERA = {"民國": 1911, "民国": 1911, "中華民國": 1911, "令和": 2018, "平成": 1988}
BUDDHIST = 543  # years that Thailand is ahead

# How many days ago.
DAY_WORD = {
    word: days
    for days, words in {
        0: "今天 今日 today heute hoy aujourd'hui oggi hoje vandaag сегодня 오늘 dziś dzisiaj bugün اليوم आज idag i-dag σήμερα",
        1: "昨天 昨日 yesterday gestern ayer hier ieri ontem gisteren вчера 어제 wczoraj dün أمس कल igår i-går χθες",
        2: "前天 前日 vorgestern anteayer avant-hier позавчера 그저께 przedwczoraj eergisteren",
    }.items()
    for word in words.split()
}
JUST_NOW = frozenset(
    ("刚刚", "剛剛", "刚才", "剛才", "just now", "gerade eben", "à l'instant", "ahora mismo", "только что", "방금", "たった今")
)

# Seconds of a unit; a written unit is known by the longest of these that it begins with.
_SPANS = {
    1: "秒 sec seg sek s second сек 초 saniye ثاني सेकंड วินาที",
    60: "分 分钟 分鐘 min m minut мин 분 dakika دقيق دقائق मिनट λεπτ นาที phút menit",
    3600: "小时 小時 時間 时 钟头 鐘頭 hour hr h hora heure or stunde std uur uren час ч 시간 "
    "godz saat ساع घंट tim time ώρ ชั่วโมง ชม giờ jam",
    86400: "天 日 day d día dia jour giorn tag dag dn день дня 일 dni dzie gün يوم أيام दिन μέρ ημέρ วัน ngày hari",
    604800: "周 週 星期 礼拜 禮拜 week w semana semaine settiman woche wek недел 주 "
    "tydz tyg hafta أسبوع vecka "
    "uke εβδομάδ สัปดาห์ tuần minggu",
    2592000: "月 个月 個月 ヶ月 か月 month mo mon mes mês mois maand мес 개월 달 miesi ay شهر महीने เดือน tháng bulan",
    31536000: "年 year y yr año ano an ann jahr jaar год лет 년 rok lat yıl سن साल ปี năm tahun",
}
UNIT = {stem: seconds for seconds, stems in _SPANS.items() for stem in stems.split()}
LONGEST_UNIT = max(map(len, UNIT))

# What says "ago", behind or before number and unit; lower case.
AGO_BEHIND = r"之?前|以前|ago|temu|fa|geleden|назад|önce|पहले|전|sedan|siden|πριν|ที่แล้ว|ที่ผ่านมา|trước|yang lalu|lalu"
AGO_BEFORE = r"vor|hace|il y a|há|منذ|قبل|för|for|πριν(?: από)?"
NUMBER_WORD = {
    "a": 1, "an": 1, "one": 1, "einer": 1, "einem": 1, "un": 1, "una": 1, "une": 1, "um": 1, "uma": 1, "een": 1,
    "half an": 0.5, "半": 0.5, "半个": 0.5, "半個": 0.5,
    "一": 1, "两": 2, "兩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip

# Named zones: what they are now depends on the day, so they are looked up for it.
ZONE = {
    "UTC": "UTC", "GMT": "UTC", "Z": "UTC",
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
    "CET": "+01:00", "CEST": "+02:00", "MEZ": "+01:00", "MESZ": "+02:00", "BST": "+01:00", "EET": "+02:00", "EEST": "+03:00",
    "MSK": "+03:00", "МСК": "+03:00", "JST": "+09:00", "KST": "+09:00", "HKT": "+08:00", "北京时间": "+08:00",
    "WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00", "ICT": "+07:00", "PKT": "+05:00", "SAST": "+02:00", "WAT": "+01:00",
    "EAT": "+03:00",
    "BRT": "-03:00", "AEST": "+10:00", "AEDT": "+11:00", "NZST": "+12:00", "NZDT": "+13:00",
}  # fmt: skip
AFTERNOON = frozenset(("pm", "p.m.", "p.m", "下午", "晚上", "晚间", "晚間", "傍晚", "午后", "午後", "夜", "오후"))
MORNING = frozenset(("am", "a.m.", "a.m", "上午", "早上", "清晨", "凌晨", "午前", "오전"))

# What stands before today's date in a page's head.
TODAY_IS = (
    "今天是",
    "今日是",
    "现在是",
    "today is",
    "heute ist",
    "hoy es",
    "nous sommes le",
    "oggi è",
    "hoje é",
    "vandaag is",
    "сегодня ",
    "dziś jest",
    "dzisiaj jest",
    "bugün ",
    "hôm nay là",
    "hari ini adalah",
    "วันนี้วัน",
    "اليوم هو",
    "오늘은",
    "σήμερα είναι",
    "сьогодні ",
    "dnes je",
    "dzisiejsza data",
    "aujourd'hui, nous",
)
