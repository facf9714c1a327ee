"""PDF: taken when they open without a password and do nothing by themselves, refused with a sentence otherwise."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs.content import inspect


def pdf(change=lambda document: None, **saving: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.add_blank_page()
    change(document)
    file = io.BytesIO()
    document.save(file, **saving)
    return file.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        inspect(io.BytesIO(content))
    assert str(refusal.value)
    return refusal.value.code


def taken(content: bytes) -> bool:
    return inspect(io.BytesIO(content)).media_type == MediaType.PDF


def opening(action):
    return lambda document: document.Root.__setattr__("OpenAction", action(document))


def linking(action):
    def change(document):
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action())
        document.pages[0].Annots = Array([document.make_indirect(link)])

    return change


def additional(action):
    return lambda document: document.pages[0].__setattr__("AA", Dictionary(O=action()))


def chained(kind: str, times: int):
    action = Dictionary(S=Name(kind), URI=String("http://x"))
    for _number in range(times):
        action = Dictionary(S=Name.GoTo, D=String("a"), Next=action)
    return action


def page_of_the_net() -> Dictionary:
    return Dictionary(S=Name.URI, URI=String("https://example.org"))


def share() -> Dictionary:
    return Dictionary(S=Name.GoToR, F=String("\\\\host\\share\\a.pdf"), D=[0, Name.Fit])


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_file_that_only_its_issuer_may_change_is_taken(revision: int) -> None:
    locked = pikepdf.Encryption(
        user="", owner="bank", R=revision, aes=revision >= 4, metadata=revision >= 4, allow=pikepdf.Permissions()
    )
    assert taken(pdf(encryption=locked))


@pytest.mark.parametrize("streams", list(pikepdf.ObjectStreamMode.__members__.values()))
def test_a_script_in_a_file_that_only_its_issuer_may_change_is_found(streams) -> None:
    content = pdf(
        opening(lambda _pdf: Dictionary(S=Name.JavaScript, JS="1")),
        encryption=pikepdf.Encryption(user="", owner="bank"),
        object_stream_mode=streams,
    )
    assert refused(content) == "pdf_acts"


def test_a_file_that_needs_a_password_to_be_read_is_refused_and_says_so() -> None:
    content = pdf(encryption=pikepdf.Encryption(user="secret", owner="bank"))
    with pytest.raises(Invalid, match=r"password|密码"):
        inspect(io.BytesIO(content))


@pytest.mark.parametrize(
    "change",
    [
        opening(lambda _pdf: page_of_the_net()),
        opening(lambda pdf: pdf.make_indirect(page_of_the_net())),
        opening(lambda _pdf: share()),
        opening(lambda _pdf: Dictionary(S=Name.GoToR, F=String("other.pdf"))),
        opening(lambda _pdf: Dictionary(S=Name.Rendition)),
        opening(lambda _pdf: Dictionary(S=Name.SubmitForm, F=String("http://x"))),
        opening(lambda _pdf: Dictionary(S=Name.ImportData, F=String("a.fdf"))),
        opening(lambda _pdf: Dictionary(S=Name.Named, N=Name.Print)),
        opening(lambda _pdf: chained("/URI", 1)),
        opening(lambda _pdf: chained("/URI", 5)),
        opening(lambda _pdf: Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.GoTo), page_of_the_net()]))),
        additional(page_of_the_net),
        additional(share),
        linking(share),
        linking(lambda: Dictionary(S=Name.GoToR, F=Dictionary(Type=Name.Filespec, UF=String("//host/share/a.pdf")))),
        linking(lambda: Dictionary(S=Name.Launch, F=String("a.exe"))),
        linking(lambda: Dictionary(S=Name.Rendition)),
        linking(lambda: Dictionary(S=Name.SubmitForm, F=String("http://x"))),
        linking(lambda: Dictionary(S=Name.ImportData, F=String("a.fdf"))),
        linking(lambda: Dictionary(S=Name.GoToE, F=String("a"))),
        lambda document: document.attachments.__setitem__("a.txt", b"hello"),
        lambda document: document.Root.__setattr__("AcroForm", Dictionary(XFA=String("<x/>"))),
        lambda document: document.Root.__setattr__("X", pikepdf.Stream(document, b"", F=String("other"))),
    ],
)
def test_what_comes_by_itself_or_carries_a_file_is_refused(change) -> None:
    assert refused(pdf(change)) == "pdf_acts"
    packed = pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert refused(packed) == "pdf_acts"


@pytest.mark.parametrize(
    "change",
    [
        linking(page_of_the_net),
        linking(lambda: Dictionary(S=Name.GoTo, D=String("a"))),
        linking(lambda: Dictionary(S=Name.GoToR, F=String("annex.pdf"), D=[0, Name.Fit])),
        opening(lambda pdf: Array([pdf.pages[0].obj, Name.Fit])),
        opening(lambda pdf: Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))),
        opening(lambda pdf: Dictionary(S=Name.GoTo, D=Array([pdf.pages[1].obj, Name.Fit]), Next=chained("/GoTo", 2))),
    ],
)
def test_links_that_wait_for_a_click_and_the_page_to_begin_with_are_fine(change) -> None:
    assert taken(pdf(change))


@pytest.mark.parametrize("linearize", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.8, 0.95, 0.99])
def test_a_file_that_is_cut_off_is_refused(share: float, linearize: bool) -> None:
    content = pdf(
        lambda document: document.pages[0].__setattr__("Contents", pikepdf.Stream(document, bytes(range(256)) * 40)),
        compress_streams=False,
        linearize=linearize,
    )
    assert taken(content)
    assert refused(content[: int(len(content) * share)]) == "pdf_broken"


def test_a_file_without_a_page_is_refused() -> None:
    file = io.BytesIO()
    pikepdf.new().save(file)
    assert refused(file.getvalue()) == "pdf_broken"


def bomb(megabytes: int) -> bytes:
    """An object stream of one object and spaces; some hundred kilobytes for some hundred megabytes."""
    packed = zlib.compress(b"5 0 <</A 1>>" + b" " * (megabytes << 20), 9)
    parts = [
        b"%PDF-1.5\n",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R/X 5 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>endobj\n",
        b"4 0 obj<</Type/ObjStm/N 1/First 4/Length %d/Filter/FlateDecode>>stream\n%b\nendstream endobj\n"
        % (len(packed), packed),
    ]
    ends = [sum(map(len, parts[: number + 1])) for number in range(len(parts))]
    rows = b"".join(
        [b"\x00\x00\x00\x00\x00\xff"]
        + [b"\x01" + end.to_bytes(4, "big") + b"\x00" for end in ends[:4]]
        + [b"\x02" + (4).to_bytes(4, "big") + b"\x00", b"\x01" + ends[4].to_bytes(4, "big") + b"\x00"]
    )
    table = b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%b\nendstream endobj\n"
    return b"".join(parts) + table % (len(rows), rows) + b"startxref\n%d\n%%%%EOF\n" % ends[4]


def test_packed_objects_up_to_the_limit_are_taken_and_a_bomb_is_refused() -> None:
    assert taken(bomb(40))
    assert refused(bomb(60)) == "pdf_too_large"


@pytest.mark.parametrize("streams", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_file_of_very_many_objects_is_refused(streams, monkeypatch: pytest.MonkeyPatch) -> None:
    def many(document: pikepdf.Pdf) -> None:
        document.Root.X = Array([document.make_indirect(Dictionary(A=number)) for number in range(300)])

    assert taken(pdf(many, object_stream_mode=streams))
    monkeypatch.setattr("casework.proofs.pdf_files.MOST_OBJECTS", 200)
    assert refused(pdf(many, object_stream_mode=streams)) == "pdf_too_large"


def test_objects_inside_objects_beyond_what_is_honest_are_refused() -> None:
    def nested(deep: int):
        inner = Dictionary(A=1)
        for _number in range(deep):
            inner = Dictionary(A=inner)
        return lambda document: document.Root.__setattr__("X", inner)

    assert taken(pdf(nested(40)))
    assert refused(pdf(nested(60))) == "pdf_acts"
