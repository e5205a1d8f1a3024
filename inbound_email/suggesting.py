"""What a mail to the town is about, from its words: simple counting, which a person can follow.

Each category has words: those of its name and of its way (« Rues et trottoirs > Éclairage »), and some that people say
for them. A word in the subject counts three times one in the text; a word that several categories have counts less in
each. The first category in the town's order wins a tie; without any word it is the one called « Autre », else the
first.
"""

import re
from collections import Counter
from collections.abc import Mapping

from hub.core.folding import folded
from hub.tickets.models import Category
from hub.tickets.spoken import said_for
from hub.tickets.tree import Tree

_IN_SUBJECT = 3.0
_IN_WAY = 0.5  # of a parent's name: it says less of where below
_LOOKED_AT = 5_000
_WORD = re.compile(r"[^\W\d_]{3,}")
_OTHER = re.compile(r"autres?\b|divers|other", re.IGNORECASE)
_EMPTY_WORDS = """
    les des aux une pour par avec sans sur dans est sont pas plus que qui vos votre notre nos ses son leur the and of
    for demande requete signalement bonjour merci mairie ville commune municipal municipaux municipale
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


def suggest(tree: Tree, *, subject: str, words: str) -> Category | None:
    """The category in which citizens may ask and which fits best; None when the town has none."""
    leaves = list(tree.leaves(by_citizens=True))
    if not leaves:
        return None
    known = {leaf.pk: _words_of(tree, leaf) for leaf in leaves}
    spread = Counter(word for told in known.values() for word in told)
    said = _said(subject, words)
    scores = {
        pk: sum(weight * _heard(word, said) / spread[word] for word, weight in told.items())
        for pk, told in known.items()
    }
    best = max(leaves, key=lambda leaf: scores[leaf.pk])  # the first of equals
    if scores[best.pk] > 0:
        return best
    return next((leaf for leaf in leaves if _OTHER.search(folded(leaf.name))), leaves[0])


def _words_of(tree: Tree, leaf: Category) -> dict[str, float]:
    """The words that speak for a category, each with how much."""
    told: dict[str, float] = {}
    for one in tree.path(leaf):
        weight = 1.0 if one.pk == leaf.pk else _IN_WAY
        names = [*_stems(one.name), *_stems(one.name_en)]
        for word in [*names, *map(_stem, said_for(names))]:
            told[word] = max(told.get(word, 0), weight)
    return told


def _said(subject: str, words: str) -> Counter[str]:
    """How much each word was said; twice is not twice as much: it counts once in each place."""
    said: Counter[str] = Counter(dict.fromkeys(_stems(words[:_LOOKED_AT]), 1))
    for word in set(_stems(subject)):
        said[word] += int(_IN_SUBJECT)
    return said


def _heard(word: str, said: Mapping[str, int]) -> float:
    return float(sum(count for other, count in said.items() if other.startswith(word)))


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(folded(text)) if word not in _EMPTY]


def _stem(word: str) -> str:
    """Without its plural; of a long word the beginning."""
    return word.rstrip("sx")[:8] if len(word) > 4 else word
