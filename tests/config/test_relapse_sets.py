"""What is called unseen was not seen: sets are left out whole, and a new file is scored once as it comes."""

from pathlib import Path

import numpy
import pytest

from casework.relapse.comparison import FEATURES
from casework.relapse.model import Model
from config.relapses import items, telling
from config.relapses.__main__ import main
from config.relapses.items import LEAST_RIGHT, LEAST_SURE, Read, Sure, items_read, sure_of, tell_items_by_share
from config.relapses.learning import nearly_the_same_again
from config.relapses.measuring import Counts, scored
from config.relapses.sets import (
    FOLDS,
    ROOM,
    Finding,
    Pairs,
    findings_in,
    left_out,
    pairs_in,
    sets_at_hand,
    things_of,
    words_from,
)
from recognition.alike import TEXT, split_at_turn
from recognition.learned import CODES, SURE, current_words, items_meant, likeliest_items, sure_items
from recognition.mentions import mentions_in, plain

HEAD = "finding_no,label,earlier,village,found_on,closed_on,category,description\n"
ROWS = (
    "N1,first,,A,2024-01-10,2024-02-01,设备没登记,村室投影仪一直没登台账\n"
    "N2,relapse,N1,A,2024-06-10,,设备没登记,村室投影仪还是没登台账\n"
    "N3,first,,A,2024-01-10,2024-02-01,环境脏,老槐树下垃圾成堆\n"
    "N4,relapse,N3,B,2024-06-10,,环境脏,老槐树下垃圾又成堆\n"
)


@pytest.fixture
def new_set(tmp_path: Path) -> Path:
    path = tmp_path / "new.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def finding(number: str, words: str, *, item: str = "", **more: str) -> Finding:
    given = {"label": "first", "earlier": "", "village": "A", "found_on": "2024-01-10", "closed_on": "", "category": ""}
    return Finding(finding_no=number, description=words, item=item, **{**given, **more})


def test_a_set_that_is_left_out_teaches_nothing() -> None:
    sets = sets_at_hand()
    assert sorted(sets) == sorted(name for fold in FOLDS for name in fold)
    others = left_out(sets, "CF")
    assert not {row.finding_no for row in others} & {row.finding_no for row in sets["CF"]}
    assert len(others) == sum(map(len, sets.values())) - len(sets["CF"])


def test_of_the_things_only_those_are_known_that_the_others_name() -> None:
    known = things_of([finding("1", "鱼塘到期")])
    assert [one.code for one in mentions_in("鱼塘和桃园", known)[0]] == ["asset/pond"]


def test_what_a_word_speaks_of_is_learned_from_the_others() -> None:
    words = words_from(
        [finding(str(n), "投影仪没登台账", item="assets-unregistered", category="设备") for n in range(3)]
    )
    other = words_from(
        [finding(str(n), "投影仪没人看管", item="works-unsupervised", category="设备") for n in range(3)]
    )
    assert items_meant(["投影仪"], ["设备"], words)[0][0] == "assets-unregistered"
    assert items_meant(["投影仪"], ["设备"], other)[0][0] == "works-unsupervised"


def test_what_is_made_again_is_struck_off_before_and_says_nearly_the_same() -> None:
    rows = [row for row in sets_at_hand()["CF"] if row.closed_on]
    made = nearly_the_same_again(rows)
    there = {row.finding_no: row for row in rows}
    assert len(made) > 10
    for again in made:
        assert again.found_on > there[again.earlier].closed_on
        assert len(set(again.description) & set(there[again.earlier].description)) > 4
    assert made == nearly_the_same_again(rows)


def test_pairs_are_of_one_village_and_after_the_strike_off(new_set: Path) -> None:
    rows = findings_in(new_set)
    pairs = pairs_in(rows, words=words_from(left_out(sets_at_hand())), things=things_of(rows))
    assert {(rows[a].finding_no, rows[b].finding_no) for a, b in pairs.places.tolist()} >= {("N2", "N1")}
    for one, other in pairs.places.tolist():
        assert rows[one].village == rows[other].village
        assert rows[other].closed_on < rows[one].found_on


def test_counts_are_of_what_is_shown() -> None:
    """Two came back: one is shown, the other scores too little but stands first in its list; a third one is wrong."""
    rows = [
        finding("1", "甲", closed_on="2024-02-01"),
        finding("2", "乙", closed_on="2024-02-01"),
        finding("3", "甲", label="relapse", earlier="1", found_on="2024-06-01"),
        finding("4", "乙", label="relapse", earlier="2", found_on="2024-06-20"),
        finding("5", "丙", found_on="2024-08-01"),
    ]
    places = numpy.array([[2, 0], [3, 1], [4, 0]])
    compared = numpy.zeros((3, len(FEATURES)))
    compared[:, list(FEATURES).index("same_side")] = [1.0, 0.4, 1.0]
    pairs = Pairs(places, compared, numpy.zeros((3, len(TEXT))), numpy.array([1, 1, 0]))
    found = scored(rows, pairs, Model(version=1, weights={"bias": -2.0, "same_side": 3.0}))
    assert found.counts(0.5) == Counts(relapses=2, shown=2, right=1, among_three=2)
    assert found.counts(0.1) == Counts(relapses=2, shown=3, right=2, among_three=2)
    assert found.reliability((0.3, 0.5)) == [(1, 1), (2, 1)]
    assert str(found.counts(0.5)).startswith("recall 0.50 (0.")


def test_a_new_set_is_scored_by_one_command(new_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(new_set)]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("new.csv: 4 findings, 2 relapses: recall 0.50 (")


def test_the_check_fails_where_it_finds_less_than_it_demands(
    new_set: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On two small sets in place of all: `make check` measures those."""
    rows = findings_in(ROOM / "relapses_in_three_voices.csv")
    few = {name: [row for row in rows if row.finding_no.startswith(name)] for name in "XY"}
    monkeypatch.setattr(telling, "sets_at_hand", lambda: few)
    monkeypatch.setattr(telling, "FOLDS", (("X",), ("Y",)))
    monkeypatch.setattr(telling, "LEAST_RECALL", 0.0)
    monkeypatch.setattr(telling, "LEAST_PRECISION", 0.0)
    monkeypatch.setattr(items, "LEAST_SURE", 0)
    assert main(["--curve"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("left out in 2 parts, ")
    assert sum("by what the others teach" in line for line in lines) == 4
    assert lines[-1].endswith("; items: 0 of 0 sure")  # too few to have learned anything
    assert sum(line.startswith("  from 0.") for line in lines) == 9
    monkeypatch.setattr(items, "LEAST_SURE", 1)
    assert main([]) == 1
    monkeypatch.setattr(items, "LEAST_SURE", 0)
    monkeypatch.setattr(telling, "LEAST_RECALL", 1.0)
    assert main([]) == 1


@pytest.mark.parametrize(
    ("words", "granted"),
    [
        ("桥栏杆换好了，桥板烂了个洞", "桥栏杆换好了"),
        ("减免事项已经村“两委”会议研究，但实际期限超过决议载明的三个月", "减免事项已经村“两委”会议研究"),
        ("合同要素已补齐，惟未报镇农经站备案", "合同要素已补齐"),
        ("抽水泵房门又没锁，两个小孩在里头玩", ""),
        ("合同已过期，没有续签", ""),
        ("墙上光光的", ""),
    ],
)
def test_what_is_in_order_now_is_told_from_what_fails(words: str, granted: str) -> None:
    assert split_at_turn(plain(words))[0] == plain(granted)


def test_a_handful_of_words_is_not_as_sure_as_a_page_of_them() -> None:
    said, called = [plain("情况见附件")], [plain("其他")]
    assert (
        current_words().likely_items(said, called)[2].max() > SURE > current_words().steady_shares(said, called).max()
    )
    assert max(likeliest_items(said, called).values()) < 0.5
    assert sure_items(said, called) == [""]


def test_many_are_read_at_once_and_what_says_nothing_is_never_sure() -> None:
    said = [plain("村委会西侧明白墙长期空着，没有任何公开内容"), plain("。。。"), ""]
    called = [plain("明白墙空着没有用"), plain("xq"), ""]
    assert sure_items(said, called) == ["openness-idle", "", ""]
    shares = current_words().steady_shares(said, called)
    assert shares[1:].max() < 2 / len(CODES) and numpy.allclose(shares.sum(axis=1), 1)
    assert sure_items([], []) == [] and likeliest_items([], []) == {}


def test_the_items_are_asked_of_findings_whose_category_names_none() -> None:
    words = words_from(
        [finding(str(n), "投影仪没登台账", item="assets-unregistered", category="设备") for n in range(3)]
    )
    findings = [
        finding("1", "投影仪没登台账", item="assets-unregistered", category="设备的事"),
        finding("2", "投影仪没登台账", item="works-unsupervised", category="设备的事"),
        finding("3", "投影仪没登台账", item="openness-idle", category="公开栏闲置"),
        finding("4", "投影仪没登台账"),
    ]
    assert [one.is_right for one in items_read(findings, words)] == [True, False]


@pytest.mark.parametrize(
    ("sure", "right", "is_enough"), [(200, 180, True), (200, 179, False), (180, 180, True), (179, 179, False)]
)
def test_the_check_fails_where_too_few_are_sure_or_too_many_of_them_wrong(
    sure: int, right: int, is_enough: bool
) -> None:
    assert (LEAST_RIGHT, LEAST_SURE) == (0.90, 180)
    assert Sure(755, sure, right).is_enough is is_enough


def test_the_items_are_counted_by_how_sure_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    read = [Read(SURE, True), Read(0.95, False), Read(0.89, True), Read(0.6, False), Read(0.2, True)]
    assert str(sure_of(read)).startswith("2 of 5 sure, 0.50 (")
    tell_items_by_share(read)
    counted = [line.partition("next: ")[2] for line in capsys.readouterr().out.splitlines()]
    assert counted == ["0, 0 right", "1, 0 right", "0, 0 right", "1, 1 right", "2, 1 right"]
