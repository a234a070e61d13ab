"""Lines that count how often a page was looked at or talked about: "Views: 1,234", "阅读：345", "12 Mal gelesen".

Such a line has nothing in it but what is listed here, numbers and punctuation. One word more, and it may be news: "Lectures from 7 pm".
"""

from __future__ import annotations

import re

_LONGEST = 60  # characters of such a line
_COUNTED = r"""
views? viewed pageviews? reads? clicks? hits comments? shares? shared likes? visits impressions replies
aufrufe? aufgerufen gelesen angesehen klicks zugriffe leser kommentare? geteilt weergaven reacties bekeken
vues? lectures? lue? consultée? commentaires? partages?
visitas? lecturas? vistas? visto leíd[oa] comentarios? compartidos? visualizaç(?:ão|ões) leituras? leitores lid[oa] comentários? acessos
visualizzazion[ei] letture commenti visite condivisioni
просмотр\w* комментари\w* прочита\w* прочтени\w* перегляд\w* коментар\w* wyświetle\w+ odsłon\w* komentarz\w*
okunma görüntülenme yorum lượt\s(?:xem|đọc|thích) bình\sluận chia\ssẻ dilihat dibaca komentar
조회 조회수 댓글 댓글수 추천 추천수 공감 좋아요 المشاهدات مشاهدات مشاهدة القراءات قراءة تعليقات تعليق زيارة
""".split()  # words of scripts that divide them, by language
_BESIDE = """
times people users total this page article story post was has been by so far number of count on (?:minute|hour|day)s? ago
mal dieser diese artikel seite beitrag wurde bereits bisher insgesamt anzahl der keer
fois nombre de cet cette a été au personnes
veces vezes total número personas pessoas este esta artículo artigo página ha foi sido volte
раз раза всего человек людей razy raz kez kişi sayısı lần số kali orang
회 만회 건 개 명 수 عدد مرة
k m x tsd mio mil тыс млн
""".split()  # what such a line may say beside
_COUNTED_SPACELESS = """
阅读 閱讀 浏览 瀏覽 点击 點擊 评论 評論 人气 人氣 访问 訪問 播放 观看 觀看
查看 点赞 點讚 转发 轉發 收藏 围观 圍觀 看过 看過 热度 熱度 回复 回覆 閲覧 再生 アクセス コメント いいね เข้าชม อ่าน ยอดวิว
""".split()
_BESIDE_SPACELESS = """
ครั้ง คน จำนวน ผู้ 累计 累計 小时前 小時前 分钟前 分鐘前 天前
本文 本页 本頁 文章 网友 網友 用户 已被 [已被共有总總次数數量人条條个個篇位名度回件过過率万萬亿億年月日]
""".split()


def _either(words: list[str], spaceless: list[str]) -> re.Pattern[str]:
    """One of the words, with no letter on either side (a digit may be), or one of the others anywhere."""
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(words)})(?![^\W\d_])|{'|'.join(spaceless)}")


_IS_COUNTED = _either(_COUNTED, [*_COUNTED_SPACELESS, r"(?<=\d)\s?[万萬]?次\W*$"])
_MAY_STAND = _either([*_COUNTED, *_BESIDE], _COUNTED_SPACELESS + _BESIDE_SPACELESS)
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


def is_counter(line: str) -> bool:
    """Whether a line, in lower case, counts a page's readers or what they said, and says nothing else."""
    if len(line) > _LONGEST or not _DIGIT.search(line) or not _IS_COUNTED.search(line):
        return False
    return not _LETTER.search(_MAY_STAND.sub(" ", line))
