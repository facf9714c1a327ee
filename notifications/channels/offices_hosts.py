"""Where an office's own provider may stand: a host that the installation allows by name, in the open net."""

import re
import smtplib
import socket
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from casework.errors import Invalid
from notifications.channels.base import Blocked, Passing
from notifications.channels.in_time import in_time, limit
from notifications.channels.open_net import addresses_of, is_allowed, is_public

NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
HTTPS = 443


def check_url(address: str, *, field: str) -> None:
    """Refuses what does not begin with https, carries a name and password, or leads where none may go."""
    try:
        url = parse_url(address)
    except LocationParseError:
        url = Url()
    if url.scheme != "https" or not url.host or url.auth or url.port not in (None, HTTPS):
        raise Invalid("address_unsafe", _("Give an address that begins with https://."), field=field)
    check_host(url.host, HTTPS, field=field)


def check_host(host: str, port: int, *, field: str) -> None:
    """Asks the net what the name resolves to now; whoever sends asks again, for it may change."""
    if not NAME.fullmatch(host.lower()):
        raise Invalid("host_unreadable", _("Give the name of a server, such as smtp.example.cn."), field=field)
    if not may_be_set(host):
        raise Invalid(
            "host_not_allowed",
            _(
                "This installation does not allow the host %(host)s. Ask whoever runs the server to add it to "
                "CHANNEL_ALLOWED_HOSTS."
            )
            % {"host": host},
            field=field,
        )
    if is_allowed(host):
        return
    try:
        found = in_time(lambda: addresses_of(host, port), until=limit())
    except Passing:
        found = []
    if not found:
        raise Invalid(
            "host_unknown",
            _("Nobody knows the host %(host)s. Check how it is written.") % {"host": host},
            field=field,
        )
    if not all(is_public(each) for each in found):
        raise Invalid(
            "host_internal",
            _("This address lies in an internal net. Ask the administrator to allow the host."),
            field=field,
        )


def may_be_set(host: str) -> bool:
    """Whether the installation allows offices to name this host."""
    host = host.lower()
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in settings.CHANNEL_ALLOWED_HOSTS)


def require_allowed(host: str) -> None:
    """Once more before each sending: what was allowed may have been taken back since."""
    if not may_be_set(host):
        raise Blocked("this installation no longer allows the host of the office’s provider")


class InternalHost(OSError):
    """The name leads into an internal net by now."""


class _ToAddress:
    """To the very addresses that were looked at: a name may say something else the next time it is asked."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        found = addresses_of(host, port)
        if not is_allowed(host) and not all(is_public(each) for each in found):
            raise InternalHost
        error: OSError = OSError("the host's name is not known")
        for address in found:
            try:
                return self._secured(socket.create_connection((address, port), timeout), host)
            except OSError as trouble:
                error = trouble
        raise error

    def _secured(self, line: socket.socket, host: str) -> socket.socket:
        return line


class _Smtp(_ToAddress, smtplib.SMTP):
    pass


class _SmtpOverTls(_ToAddress, smtplib.SMTP_SSL):
    def _secured(self, line: socket.socket, host: str) -> socket.socket:
        return self.context.wrap_socket(line, server_hostname=host)


class OwnServer(EmailBackend):
    """The mail server of an office."""

    @property
    def connection_class(self) -> Any:
        return _SmtpOverTls if self.use_ssl else _Smtp
