"""Keyword matching against its peers and its floor, in one run: `python -m benchmarks.keywords --help`.

Peers: tantivy asked one query a subscription over an index of the batch in memory (its queries built beforehand, its
text stemmed beforehand, both for free), and the plain loop of `papers.query.matches`. Floor: analysing the papers.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

import tantivy
import tracemalloc

from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from papers.matching.keywords import KeywordIndex
from papers.model import Paper
from papers.query import And, Document, Expr, Not, Or, Phrase, Prefix, Word, analyse, matches, parse

_LOOPED = 500
