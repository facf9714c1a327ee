"""DOCX and XLSX: what they fetch or run when they are opened is refused, in whatever alphabet it is written."""

import io
import zipfile

import pytest

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs.content import inspect
from tests.casework.test_content import docx, with_member, xlsx

RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def relation(kind: str, *, outside: bool = True, target: str = "http://x/a") -> str:
    mode = ' TargetMode="External"' if outside else ""
    return RELATIONS.format(f'<Relationship Id="r1" Type="{TYPE}{kind}" Target="{target}"{mode}/>')


def refused(file: io.BytesIO) -> str:
    with pytest.raises(Invalid) as refusal:
        inspect(file)
    assert str(refusal.value)
    return refusal.value.code


def with_relations(text: str, encoding: str = "utf-8") -> io.BytesIO:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}' if encoding != "utf-8" else text
    return with_member(docx(), "word/_rels/settings.xml.rels", declared.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "image", "frame", "subDocument"])
def test_what_stands_outside_is_refused_in_every_alphabet(kind: str, encoding: str) -> None:
    if encoding == "utf-8-sig":
        file = with_member(docx(), "word/_rels/a.xml.rels", relation(kind).encode("utf-8-sig"))
    else:
        file = with_relations(relation(kind), encoding)
    assert refused(file) == "office_acts"


@pytest.mark.parametrize("kind", ["oleObject", "package", "control", "aFChunk", "vbaProject"])
def test_what_is_embedded_is_refused_wherever_it_lies(kind: str) -> None:
    assert refused(with_relations(relation(kind, outside=False, target="media/image1.png"))) == "office_acts"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_hyperlinks_are_fine(encoding: str) -> None:
    assert inspect(with_relations(relation("hyperlink"), encoding)).media_type == MediaType.DOCX


def test_relations_that_are_no_xml_are_refused() -> None:
    assert refused(with_relations("<Relationships")) == "not_an_office_file"


@pytest.mark.parametrize(
    "name",
    [
        "xl/externalLinks/externalLink1.xml",
        "XL/EXTERNALLINKS/externalLink1.xml",
        "xl/queryTables/queryTable1.xml",
        "xl/connections.xml",
        "xl\\externalLinks\\externalLink1.xml",
    ],
)
def test_a_workbook_that_fetches_or_talks_to_programs_is_refused(name: str) -> None:
    content = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    assert refused(with_member(xlsx(), name, content)) == "office_acts"


def test_a_macro_named_in_another_alphabet_is_refused() -> None:
    types = (
        '<?xml version="1.0" encoding="utf-16"?><Types xmlns="x"><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", types.encode("utf-16"))
    assert refused(file) == "office_acts"


def field(*words: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in words)
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return f"<w:ftr {WORD}><w:p>{begin}{runs}</w:p></w:ftr>".encode()


@pytest.mark.parametrize(
    "part",
    [
        field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/c calc"'),
        field("DD", "E cmd"),
        field("D", "D", "E", "AUTO x"),
        f'<w:ftr {WORD}><w:p><w:fldSimple w:instr=" dde cmd x"/></w:p></w:ftr>'.encode(),
    ],
)
def test_a_field_that_starts_a_program_is_refused(part: bytes) -> None:
    assert refused(with_member(docx(), "word/footer9.xml", part)) == "office_acts"


@pytest.mark.parametrize("words", ['HYPERLINK "http://x/DDE"', "PAGE", "DDEX", 'REF DDE "a"'])
def test_other_fields_are_fine(words: str) -> None:
    assert (
        inspect(with_member(docx(), "word/footer9.xml", field(words.replace('"', "&quot;")))).media_type
        == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("file", [docx(), xlsx()], ids=["docx", "xlsx"])
def test_a_document_that_is_cut_off_is_refused(file: io.BytesIO, share: float) -> None:
    content = file.getvalue()
    assert refused(io.BytesIO(content[: max(40, int(len(content) * share))])) == "not_an_office_file"


def test_a_document_with_one_byte_of_a_part_altered_is_refused() -> None:
    content = bytearray(docx().getvalue())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo("word/document.xml")
    content[part.header_offset + 60] ^= 0xFF
    assert refused(io.BytesIO(content)) == "not_an_office_file"
