"""A case with photos from before and after, for the pages that show them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence
from casework.queries import measures_to_report
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import case_at


def add(case: Case, by: object, shade: int, kind: str) -> Evidence:
    file = io.BytesIO()
    Image.radial_gradient("L").resize((900, 600)).point(lambda value: (value + shade) % 256).save(file, "JPEG")
    steps.take(
        add_evidence,
        case=case,
        upload=SimpleUploadedFile(f"{kind}-{shade}.jpg", file.getvalue()),
        kind=kind,
        measure=measures_to_report(case)[0] if kind == "after" else None,
        by=by,
        at=timezone.now(),
    )
    return case.evidence.latest("number")


def proved_case(city: Cast) -> Case:
    case = case_at(Stage.RECTIFICATION, city)
    add(case, city.county_supervisor, 10, "before")
    for shade in (90, 160):
        add(case, city.willow_head, shade, "after")
    return case
