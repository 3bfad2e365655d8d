"""Figures, as sentences and badges tell them."""

from __future__ import annotations

from math import ceil
from typing import Final

_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000


def count(number: int, noun: str) -> str:
    """`no papers`, `1 paper`, `1,204 papers`."""
    figure = f"{number:,}" if number else "no"
    return f"{figure} {noun}" if number == 1 else f"{figure} {noun}s"


def short_number(number: int) -> str:
    """`999`, `3.4k`, `12k`, `1.2M`."""
    if number < _THOUSAND:
        return str(number)
    small = number < _MILLION - _THOUSAND // 2  # what would round to 1000k is 1M
    figure, unit = (number / _THOUSAND, "k") if small else (number / _MILLION, "M")
    digits = 1 if len(str(int(figure))) == 1 else 0
    return f"{figure:.{digits}f}".removesuffix(".0") + unit


def share_text(share: float) -> str:
    """`top 1%` for a share in (0, 1], rounded up so that it is never boasted of: 0.014 is `top 2%`.

    Below one per cent to a tenth: 0.003 is `top 0.3%`.
    """
    percent = round(share * 100, 6)  # 0.07 * 100 is a little more than 7, and would become 8
    shown = ceil(percent) if percent >= 1 else ceil(round(percent * 10, 6)) / 10
    return f"top {shown:g}%"
