"""A map of a million codes in little memory: `papers.matching.keywords_codes`."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from papers.matching.keywords_codes import CodeMap

_codes = st.integers(-(2**63), 2**63 - 1)


@given(st.dictionaries(_codes, st.integers(0, 2**31 - 1)), st.lists(_codes))
def test_it_maps_as_a_dict_does(entries: dict[int, int], others: list[int]) -> None:
    codes = CodeMap()
    for code, number in entries.items():
        codes.put(code, number)
    asked = [*entries, *others]
    expected = [entries.get(code, -1) for code in asked]
    assert [codes.get(code) for code in asked] == expected
    assert codes.get_many(np.array(asked, np.int64)).tolist() == expected
    assert [codes.get(code) for code in asked] == expected


def test_many_entries_are_found_before_and_after_merging() -> None:
    codes = CodeMap()
    for code in range(20_000):
        codes.put(code * 7919 % 65_537, code)
        assert codes.get(code * 7919 % 65_537) == code
    assert codes.get_many(np.arange(65_537)).max() == 19_999
    assert codes.get(0) == 0
