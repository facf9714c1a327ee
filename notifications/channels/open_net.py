"""Where a message may go when somebody else has written the address: the open net, and never our own house."""

import ipaddress
import socket

from django.conf import settings

# All of IPv6 that is given out; the rest is local, reserved, or IPv4 in disguise (::ffff:127.0.0.1, 64:ff9b::7f00:1).
GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
# 6to4 lies within and carries an IPv4 address: 2002:7f00:1:: is this machine.
SIX_TO_FOUR = ipaddress.ip_network("2002::/16")


def is_allowed(host: str) -> bool:
    """Whether the administrator has allowed a host of the intranet by name."""
    return host.strip("[]").lower() in settings.WEBHOOK_ALLOWED_HOSTS


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open net: not this machine, not the intranet, not a cloud's metadata."""
    known = ipaddress.ip_address(address)
    if isinstance(known, ipaddress.IPv6Address) and (known not in GLOBAL_IPV6 or known in SIX_TO_FOUR):
        return False
    return known.is_global and not known.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a name, the nearest first; none when nobody knows it. Asks the net, and may take long."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))
