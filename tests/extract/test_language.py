import pytest

from newscrawl.extract.language import han_script, language_of

TEXTS = {
    "zh-Hans": "河东镇的老桥要重修了，工期十八个月。住在桥头的陈阿姨说，她小时候就在河边学游泳。",
    "zh-Hant": "河東鎮的老橋要重修了，工期十八個月。住在橋頭的陳阿姨說，她小時候就在河邊學游泳。",
    "ja": "町の古い橋が来年から架け替えられることになりました。住民は完成を楽しみにしています。",
    "ko": "마을의 오래된 다리가 내년에 다시 지어집니다. 주민들은 완공을 기다리고 있습니다.",
    "ru": "Старый мост в нашем городе будут перестраивать, и жители уже ждут открытия нового.",
    "el": "Η παλιά γέφυρα του χωριού θα ξαναχτιστεί τον επόμενο χρόνο, είπε ο δήμαρχος.",
    "en": "The old bridge is to be rebuilt next year, and the people of the town have waited for it since the plan was made in the spring.",
    "de": "Die alte Brücke wird im nächsten Jahr erneuert, und die Leute in der Stadt warten schon auf den Tag, an dem sie fertig ist.",
    "es": "El viejo puente de la ciudad se va a reconstruir el próximo año, y los vecinos que viven al lado de las obras lo esperan.",
    "fr": "Le vieux pont de la ville sera reconstruit dans une année, et les habitants qui vivent dans la rue ne sont pas tous pour.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_texts_tell_their_language(language):
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        (TEXTS["zh-Hans"], "en", "zh-Hans"),
        (TEXTS["en"], "de-DE", "en"),
        (TEXTS["ru"], "uk", "uk"),
        (TEXTS["en"], "da", "da"),
        ("Bridge rebuilt", "en-GB", "en"),
        ("Bridge rebuilt", "zh-CN", ""),
        ("Bridge rebuilt", "", ""),
        ("", "!", ""),
    ],
)
def test_a_stated_language_is_believed_where_the_script_allows(text, stated, language):
    assert language_of(text, stated) == language


def test_scripts_of_chinese():
    assert han_script("国说") == "Hans"
    assert han_script("國說") == "Hant"
    assert han_script("中文") == ""
    assert language_of("山水之上，" * 5) == "zh"
