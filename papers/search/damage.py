"""What goes wrong with an index on disk. Both end at the library's door: nobody outside has to know them."""

from __future__ import annotations


class Damaged(Exception):  # noqa: N818 - named for what happened; the library builds the index anew
    """The files are not what was written, or not for this program: only building anew helps."""


class Unwritable(Exception):  # noqa: N818 - as above; the library tells it to who asks
    """The files cannot be written now; what they hold is still right."""
