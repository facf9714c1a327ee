"""From which address a request comes: the proxy's word where the proxy asks, and nobody else's."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

from web.requests import Request

HOUSEHOLD = 64  # bits of an IPv6 address that a provider gives to one line


def address_of(request: Request) -> str:
    """The client's address. X-Real-IP counts only from a peer in TRUSTED_PROXIES; one line of IPv6 is one address."""
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    if peer is not None and any(peer in network for network in _networks(tuple(settings.TRUSTED_PROXIES))):
        peer = _parsed(request.META.get("HTTP_X_REAL_IP", "")) or peer
    if isinstance(peer, IPv6Address):
        return str(IPv6Network((peer, HOUSEHOLD), strict=False).network_address)
    return str(peer or "0.0.0.0")


def _parsed(words: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(words.strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=4)
def _networks(words: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(one.strip(), strict=False) for one in words]
