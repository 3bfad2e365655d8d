"""Email addresses: which ones Paperboy writes to, and how much of one a log may show. Pure.

Only what every mail server takes: ASCII (a domain in another script as its IDNA form), no quoted local parts, no
comments. Whether somebody reads what is sent there, only a confirmation tells.
"""

from __future__ import annotations

import string
from typing import Final

from papers.errors import UsageError

LONGEST: Final = 254
"""Characters of an address (RFC 3696, erratum 1690)."""

LONGEST_LOCAL: Final = 64
LONGEST_LABEL: Final = 63
"""Characters (RFC 5321, 4.5.3.1.1; RFC 1035, 2.3.4)."""

_ATOM: Final = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~")
"""What an atom is made of (RFC 5322, 3.2.3)."""

_LABEL: Final = frozenset(string.ascii_lowercase + string.digits + "-")


def checked(text: str) -> str:
    """The address in its one spelling: its domain in lower case. Raises UsageError for what is none.

    The local part is kept as it is: its case is the domain's business (RFC 5321, 2.4).
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not _is_local(local):
        raise _not_one()
    try:
        host = domain.encode("idna").decode().lower()
    except UnicodeError as error:  # an empty label, one that is too long, or characters that no name has
        raise _not_one() from error
    if not _is_host(host) or len(local) + len(host) >= LONGEST:
        raise _not_one()
    return f"{local}@{host}"


def same(address: str) -> str:
    """What two spellings of one mailbox have in common: nearly nobody tells local parts apart by case."""
    return address.lower()


def masked(address: str) -> str:
    """`a…@example.org`: enough to tell whose it is for who knows it, and no address."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _is_local(local: str) -> bool:
    atoms = local.split(".")
    return len(local) <= LONGEST_LOCAL and all(atom and _ATOM.issuperset(atom) for atom in atoms)


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and all(_is_label(label) for label in labels) and not labels[-1].isdigit()


def _is_label(label: str) -> bool:
    edges = label[:1] + label[-1:]
    return 0 < len(label) <= LONGEST_LABEL and _LABEL.issuperset(label) and "-" not in edges


def _not_one() -> UsageError:
    return UsageError("that is not an email address", advice="write it as name@example.org")
