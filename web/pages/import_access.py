"""Whose imports these are: an office's, and a run is its own person's."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import FindingImport
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from web.requests import Request


def own_import(request: Request, pk: int) -> FindingImport:
    require_importer(request)
    run = FindingImport.objects.filter(pk=pk, by=request.user).first()
    if run is None:
        raise Http404
    return run


def require_importer(request: Request) -> None:
    if not may_do(request.user, OfficeAction.IMPORT, request.on):
        raise NotAllowed("no_importing_post", _("Findings are imported by the offices of counties and the city."))
