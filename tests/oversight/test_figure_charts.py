"""The charts of the monthly sheet on paper: what they draw, on one scale, and what stands where no face is."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from django.template.loader import render_to_string
from docx import Document
from PIL import Image

from casework.escalation.sweeping import sweep
from casework.stages import Stage
from oversight.figures import drawing as drawing_module
from oversight.figures.charts import SMALL_TOLD, STACK_TOLD, charts_of
from oversight.figures.counting import Months
from oversight.figures.drawing import png_of
from oversight.figures.papers import write_docx, write_pdf
from oversight.figures.sheet import Sheet, sheet_of
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, reported

MONTH = TODAY.replace(day=1)


@pytest.fixture
def sheet(cast: Cast) -> Sheet:
    case_at(Stage.RECTIFICATION, cast)
    reported(cast, village=cast.elm)
    sweep(at=NOW)
    return sheet_of(cast.county, Months(MONTH, MONTH), at=NOW)


def test_a_bar_is_as_high_as_what_is_open(sheet: Sheet) -> None:
    bars, _small = charts_of(sheet)
    heights = [max(y for _x, y in one.points) - min(y for _x, y in one.points) for one in bars.areas]
    drawn = [height for height in heights if height > 12]
    assert len(drawn) == 2 and drawn[0] == pytest.approx(drawn[1])  # one not assigned, one on time
    assert [one.text for one in bars.words if one.text == "2"]


def test_the_units_below_stand_in_their_order_on_one_scale(sheet: Sheet) -> None:
    _bars, small = charts_of(sheet)
    names = [one.text for one in small.words if one.size == 12]
    assert names == [row.unit.name for row in sheet.below] == ["柳河镇", "榆林镇"]
    ends = [line.points[-1][1] for line in small.lines]
    assert ends[0] == ends[1]


def test_who_hears_of_it_when_it_is_assigned_sees_no_bar_of_what_is_not(sheet: Sheet) -> None:
    bars = charts_of(replace(sheet, knows_unassigned=False))[0]
    assert "未交办" not in [one.text for one in bars.words]


def test_the_document_has_both_pictures_with_their_words(sheet: Sheet) -> None:
    document = Document(io.BytesIO(write_docx(sheet)))
    pictures = [one for one in document.part.related_parts.values() if one.content_type == "image/png"]
    assert len(pictures) == 2
    told = [one.get("descr") for one in document.element.body.iter() if one.tag.endswith("}docPr")]
    assert told == [STACK_TOLD, SMALL_TOLD]
    picture = Image.open(io.BytesIO(pictures[0].blob))
    assert picture.width == 1800 and len(picture.convert("RGB").getcolors(1 << 20) or ()) > 4


def test_the_pdf_draws_them_too(sheet: Sheet) -> None:
    drawn = charts_of(sheet)
    page = render_to_string("figures/drawing.svg", {"drawing": drawn[0]})
    assert len(re.findall("<polygon", page)) == len(drawn[0].areas) and STACK_TOLD in page
    assert write_pdf(sheet).startswith(b"%PDF")


def test_without_a_chinese_face_the_tables_say_it(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_module, "chinese_face", lambda: None)
    assert png_of(charts_of(sheet)[0]) is None
    document = Document(io.BytesIO(write_docx(sheet)))
    assert not [one for one in document.part.related_parts.values() if one.content_type == "image/png"]
    assert len(document.tables) == 2 and SMALL_TOLD not in [one.text for one in document.paragraphs]


def test_where_nothing_was_open_nothing_is_drawn(cast: Cast) -> None:
    month = date(2025, 3, 1)
    assert charts_of(sheet_of(cast.county, Months(month, month), at=NOW)) == ()
