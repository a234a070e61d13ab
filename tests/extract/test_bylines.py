import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.bylines import editor_in, joined, labelled_authors, likely_authors, source_in


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("□ 本报记者 王小明", ["王小明"]),
        ("河东新闻·河东日报记者王小明/文 受访者供图", ["王小明"]),
        ("整合 河东日报·东岸记者 王小明", ["王小明"]),
        ("2023-05-17 作者： 王小明出自[河东出版社]", ["王小明"]),
        ("文：王小明", ["王小明"]),
        ("来源：河东日报 作者：王小明 责任编辑：赵云", ["王小明"]),
        ("记者 王小明 摄影 李强", ["王小明"]),
        ("By Jane Doe Health reporter, Hedong News", ["Jane Doe"]),
        ("By ABC, in News · 31 Jan 2025", ["ABC"]),
        ("Autor: Jan Kowalski. Data: 17.05.2023", ["Jan Kowalski"]),
        ("By J. R. Doe and Ann St. Clair", ["J. R. Doe", "Ann St. Clair"]),
        ("记者获悉老桥要重修", []),
        ("据本报记者了解，王小明已经离开，记者王小明", []),
    ],
)
def test_labelled_authors(line, authors):
    assert labelled_authors([line]) == authors


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        (["王小明", "老桥终于要重修了。"], ["王小明"]),
        (["2023-05-17", "王小明、李强"], ["王小明", "李强"]),
        (["河东老桥要重修了。", "（王小明）"], ["王小明"]),
        (["王小明/文"], ["王小明"]),
        (["由王小明张贴 @ 2023-05-17 01:20"], ["王小明"]),
        (["Anna Müller | 17.05.2023 - 09:32"], ["Anna Müller"]),
        (["打印", "分享到"], []),
        (["（完）", "（图）"], []),
        (["a", "b", "c", "d", "王小明"], []),
        (["Anna Müller | Sport | Wetter"], []),
        ([], []),
    ],
)
def test_likely_authors(lines, authors):
    assert likely_authors(lines) == authors


def test_cells_of_label_and_name_are_read_together():
    assert joined(["作者：", "王小明", "2023-05-17"]) == ["作者：王小明", "王小明", "2023-05-17"]
    assert labelled_authors(joined(["Autor:", "Jan Kowalski"])) == ["Jan Kowalski"]


def test_editors_and_sources_are_no_authors():
    line = "来源：河东日报 责任编辑：王小明"
    assert (source_in([line]), editor_in([line]), labelled_authors([line])) == ("河东日报", "王小明", [])


@pytest.mark.parametrize("line", ['Source: size="20"', "来源：转载文章", "来源：网络", "来源：本站原创"])
def test_what_is_no_source(line):
    assert source_in([line]) == ""


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_lines_can_be_read(lines):
    assert all(isinstance(name, str) for name in [*labelled_authors(lines), *likely_authors(joined(lines))])
