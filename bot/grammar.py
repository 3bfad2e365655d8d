"""What a QUERY may hold, by example: the answer of `help QUERY`. How one is read is in `papers.query`."""

from __future__ import annotations

from typing import Final

GRAMMAR: Final = (
    ("diffusion maps", "both words, in any inflection and order"),
    ('"state space" OR mamba*', "the phrase, or any word that begins so"),
    ("(diffusion OR mamba) -survey", "one of the two, and not the third; OR in capitals"),
    ("title:agents -abstract:games", "in the title, not in the abstract"),
    ("author:okonkwo org:google", "by an author, from a lab"),
    ("cat:cs.LG -cat:cs.CV", "in a category of arXiv's, not in another"),
    ("robots source:huggingface", "told of by a source"),
)
"""QUERYs, and which papers they mean."""
