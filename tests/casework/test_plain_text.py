"""What no document can hold becomes a line break or is left out, at every door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from casework.values.plain_text import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("公开栏旧了\x0b群众不知道", "公开栏旧了\n群众不知道"),
        ("一\x0c二\x85三\u2028四\u2029五", "一\n二\n三\n四\n五"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("一\x1f二\ufffe三\uffff四\x00五\x08六\x7f七\ufeff八", "一二三四五六七八"),
        ("a\ud800b\udfffc", "abc"),
        ("\ufdd0x\U0001fffe", "x"),
        ("𠮷野家 😀 ‏אב‏ é", "𠮷野家 😀 ‏אב‏ é"),
    ],
)
def test_what_cannot_be_written_is_a_line_break_or_nothing(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@given(st.text(st.characters(codec=None)))
def test_what_is_left_fits_into_xml_and_into_utf_8_and_stays_the_same(text: str) -> None:
    cleaned = clean_text(text)
    element = etree.Element("w")
    element.text = cleaned
    assert clean_text(cleaned) == cleaned
    cleaned.encode()
