"""What was altered or removed behind the application's back is named by `verify_evidence`."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from casework.database import retention
from casework.models import Case, Evidence
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at, proved


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


class TestVerification:
    @pytest.fixture
    def proofs(self, cast: Cast, case: Case) -> list[Evidence]:
        proved(cast, case)
        return list(Evidence.objects.filter(case=case).order_by("number"))

    @pytest.fixture
    def behind_its_back(self, proofs: list[Evidence]) -> Callable[..., None]:
        """Somebody with the database's own password: the triggers are dropped first."""

        def execute(sql: str, *values: object) -> None:
            with connection.schema_editor(atomic=False) as editor:
                retention.remove(apps, editor)
            with connection.cursor() as cursor:
                cursor.execute(sql, values)

        return execute

    def verified(self, command: str = "verify_evidence") -> str:
        out = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command(command, stdout=out)
        assert ended.value.code == 1
        return out.getvalue()

    def test_what_was_not_touched_holds(self, proofs: list[Evidence]) -> None:
        for command, count in (("verify_evidence", len(proofs)), ("verify_history", None)):
            out = io.StringIO()
            call_command(command, stdout=out)
            held, words = out.getvalue().split(" held, ")
            assert words == "0 did not\n"
            assert int(held) == count or (count is None and int(held) > 10)

    def test_one_byte_of_a_file_altered_is_named(self, proofs: list[Evidence], settings: Any) -> None:
        path = Path(settings.MEDIA_ROOT) / proofs[1].stored_as
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        said = self.verified()
        assert f"{proofs[1].case.number} evidence 2: the file {proofs[1].stored_as} was altered" in said
        assert "1 did not" in said

    def test_a_missing_file_is_named(self, proofs: list[Evidence], settings: Any) -> None:
        (Path(settings.MEDIA_ROOT) / proofs[0].stored_as).unlink()
        assert "evidence 1: the file" in self.verified()

    def test_an_altered_record_is_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        behind_its_back(
            "UPDATE casework_evidence SET uploaded_by_id = uploaded_by_id + 0, name = %s WHERE id = %s",
            "x",
            proofs[0].pk,
        )
        assert "evidence 1: the record was altered" in self.verified()

    def test_a_removed_record_is_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        behind_its_back("DELETE FROM casework_evidence WHERE id = %s", proofs[1].pk)
        assert "evidence 2 before it was removed" in self.verified()

    def test_a_removed_end_is_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        behind_its_back("DELETE FROM casework_evidence WHERE id = %s", proofs[-1].pk)
        assert "the end of its evidence was removed" in self.verified()

    def test_all_of_it_removed_is_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        behind_its_back("DELETE FROM casework_evidence WHERE case_id = %s", proofs[0].case_id)
        assert "all of its evidence was removed" in self.verified()

    def test_two_files_swapped_are_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        swap = "UPDATE casework_evidence SET stored_as = %s, sha256 = %s, size = %s WHERE id = %s"
        one, other = proofs[0], proofs[1]
        behind_its_back(swap, other.stored_as, other.sha256, other.size, one.pk)
        behind_its_back(swap, one.stored_as, one.sha256, one.size, other.pk)
        said = self.verified()
        assert "evidence 1: the record was altered" in said and "evidence 2: the record was altered" in said

    def test_a_row_of_history_removed_is_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        row = proofs[0].case.history.order_by("history_id")[2]
        behind_its_back("DELETE FROM casework_historicalcase WHERE history_id = %s", row.history_id)
        assert f"{proofs[0].case.number}: " in self.verified("verify_history")

    def test_a_row_of_history_altered_is_named(
        self, proofs: list[Evidence], behind_its_back: Callable[..., None], transactional_db: None
    ) -> None:
        row = proofs[0].case.history.order_by("history_id").first()
        assert row is not None
        behind_its_back("UPDATE casework_historicalcase SET severity = 1 WHERE history_id = %s", row.history_id)
        assert f"casework_historicalcase {row.history_id}: the row was altered" in self.verified("verify_history")
