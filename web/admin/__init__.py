"""Catalogue and accounts: the only thing Django's admin is used for. Cases have no place here, and nothing is deleted."""

from casework.models import (
    Alias,
    Aspect,
    CatalogueItem,
    ConsolidationRule,
    Person,
    Post,
    Responsibility,
    RestingRow,
    Unit,
)
from notifications.models import BlockedChannel, Delivery, Endpoint
from web.admin.base import CatalogueAndAccounts
from web.admin.catalogue import AliasAdmin, AspectAdmin, ItemAdmin
from web.admin.consolidation import ConsolidationRuleAdmin
from web.admin.people import PersonAdmin, PostAdmin
from web.admin.units import ResponsibilityAdmin, UnitAdmin
from web.admin.watching import BlockedChannelAdmin, DeliveryAdmin, EndpointAdmin, RestingRowAdmin

site = CatalogueAndAccounts(name="admin")
site.register(Aspect, AspectAdmin)
site.register(CatalogueItem, ItemAdmin)
site.register(Alias, AliasAdmin)
site.register(ConsolidationRule, ConsolidationRuleAdmin)
site.register(Unit, UnitAdmin)
site.register(Person, PersonAdmin)
site.register(Post, PostAdmin)
site.register(Responsibility, ResponsibilityAdmin)
site.register(Endpoint, EndpointAdmin)
site.register(Delivery, DeliveryAdmin)
site.register(BlockedChannel, BlockedChannelAdmin)
site.register(RestingRow, RestingRowAdmin)
