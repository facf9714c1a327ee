"""What a mail server's refusal is about: an address, the office itself, or one letter.

Only a reply that names the mailbox as unknown or disabled is about the address. The large Chinese providers answer their
limits on the sender with 550 and 554, so the words count for more than the number. What says nothing clear is held to
be about the letter: it is tried again later, and given up alone.
"""

import re
import smtplib
from enum import Enum

from notifications.channels.base import Blocked, ChannelError, Passing, Permanent, Refused


class Step(Enum):
    """At which word of the exchange the reply came."""

    SENDER = "the sender"
    RECIPIENT = "this address"
    LETTER = "the letter"


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# The office's rate, reputation, account or way in. NetEase's codes (RP:CEL, MI:SFQ, HL:REP, DT:RBL …) are all of the
# sender but DT:SPM and DT:SUM, which are about what a letter says.
OFFICE = _words(
    r"frequen",
    r"too (many|much|fast|often)",
    r"rate.?limit|limit.?rate|throttl|ratelimit",
    r"(send|sending|mail|message|connection|daily|hourly|user|domain|ip)s? (\w+ )?(limit|quota exceeded|over quota)",
    r"sending (limit|quota)|exceeded? (the )?(sending|daily|hourly)|limit (is )?(reached|exceeded)",
    r"\b(RP|MI|HL|WM|IP|DT):(?!SPM|SUM)[A-Z]{3}\b",
    r"suspicious ip|black ?list|blacklisted|\brbl\b|\bdnsbl\b|spf|dkim|dmarc|reputation|black ip|remote ip",
    r"relay|rcpthosts|not permitted to|permission|not authori[sz]ed|authori[sz]ed user",
    r"auth(entication|enticate| error|\b)|login|password|sender|mail from|from address|helo",
    r"service (not available|unavailable)|try again later|temporar|busy|overload",
    r"发信|频率|发送(数量|上限|频)",
)
# About what a letter says, or its size.
CONTENT = _words(r"DT:S[PU]M", r"spam|content|virus|too (large|big|long)|size limit|message rejected|垃圾")
# The mailbox itself: unknown or switched off.
UNKNOWN = _words(
    r"(user|mailbox|recipient|account|addressee|address|mail user|rcpt)s?\b[^.;]{0,60}?"
    r"(not (be )?found|unknown|not known|does ?n[o']t exist|do not exist|not exist|no longer|disabled|suspended"
    r"|deactivated|inactive|closed|cancel|invalid|is locked|not available on this)",
    r"(unknown|invalid|no such|non-?existent|disabled|not a (known|valid)|unavailable mail) "
    r"(user|mailbox|recipient|account|address|rcpt|local)",
    r"does not have an account|no \S+@\S+ here|not user of this server|no mailbox here|user not local",
    r"(用户|邮箱|收件人|帐号|账号)[^，。]{0,8}(不存在|停用|禁用|注销|无效|未找到)",
)
FULL = _words(r"mailbox (is )?full|over ?quota|quota (is )?exceeded|insufficient (system )?storage|out of space|已满")
# RFC 3463: of the mailbox; 5.7 is policy, 4 is passing.
UNKNOWN_CODES = ("5.1.1", "5.1.6", "5.1.10", "5.2.1")
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def error_of(status: int, said: bytes | str, step: Step) -> ChannelError:
    """The error of a reply. Its words are left out: they quote the address."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    codes = ENHANCED.findall(words)
    where = f"{step.value} (status {status}{f', {codes[0]}' if codes else ''})"
    if step is Step.SENDER:
        return Blocked(f"the mail server refuses the sender (status {status}): check DEFAULT_FROM_EMAIL")
    if FULL.search(words) and not re.search(r"send|sender|daily|hourly|limit", words, re.IGNORECASE):
        return Passing(f"the mailbox is full: {where}")
    if CONTENT.search(words) and not re.search(r"limit|frequen|too many", words, re.IGNORECASE):
        return Refused(f"the mail server refuses {where}: its content")
    if _names_the_mailbox(status, words, codes, step):
        return Permanent(f"the mail server does not know {where}")
    if OFFICE.search(words) or any(code.startswith(("4.7.", "5.7.")) for code in codes) or status == 421:
        return Blocked(f"the mail server refuses the office for now, at {where}")
    if status < 500:
        return Passing(f"the mail server does not take {where} now")
    return Refused(f"the mail server refuses {where}")


def _names_the_mailbox(status: int, words: str, codes: list[str], step: Step) -> bool:
    if status < 500 or any(code.startswith("4.") for code in codes):
        return False
    if codes and codes[0] in UNKNOWN_CODES:
        return not re.search(r"frequen|limit|too many|sender|access denied", words, re.IGNORECASE)
    if any(code.startswith("5.7.") for code in codes) or re.search(
        r"sender|mail from|frequen|limit|access denied|auth", words, re.IGNORECASE
    ):
        return False
    return bool(UNKNOWN.search(words))


def error_of_exchange(error: smtplib.SMTPException) -> ChannelError:
    """The error of an exchange that a reply has ended."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((status, said), *_others) = error.recipients.values()
        return error_of(status, said, Step.RECIPIENT)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error_of(error.smtp_code, error.smtp_error, Step.SENDER)
    if isinstance(error, smtplib.SMTPDataError):
        return error_of(error.smtp_code, error.smtp_error, Step.LETTER)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Blocked(
            f"the mail server refuses the office's account (status {error.smtp_code}): check EMAIL_HOST_USER"
        )
    if isinstance(error, smtplib.SMTPResponseException):
        # At the greeting, before it knows of any letter.
        return Blocked(f"the mail server answers with status {error.smtp_code}")
    return Passing(f"the mail server is away ({type(error).__name__})")


def words_of_exchange(error: smtplib.SMTPException) -> str:
    """What the server said; it may quote the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((status, reply), *_others) = error.recipients.values()
        return f"{status} {reply.decode(errors='replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said: bytes | str = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return ""
