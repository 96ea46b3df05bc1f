"""Which language a text is in, told from its own small words; and its words, without accents.

The page that somebody wrote on is no witness: a French card marked "en" would point at the one person who reads in English.
So a sealed text says no more of its language than everybody can read in it; staff put right what was guessed wrong.
"""

from __future__ import annotations

import re
import unicodedata

LANGUAGES = ("fr", "en")

# Words that carry grammar and no subject, without accents. They tell the language, and likeness does not count them.
_FRENCH = """
a ai ainsi alors apres au aucun aucune aussi autre autres aux avant avec avoir c ce cela celle celles celui
ces cet cette ceux chaque chez comme comment d dans de des deux doit doivent donc dont du elle elles en
encore entre est et etre eux faire fait faut il ils j je jusqu l la le les leur leurs lors lorsque lui m ma
mais me meme memes mes moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut peuvent
plus pour pourquoi pres qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sous
sur ta tant te tel telle tes toi ton tous tout toute toutes tres trop tu un une vers voir vos votre vous y
"""
_ENGLISH = """
a about after all also an and any are as at be been before being between both but by can could do does
during each every for from had has have he her his how if in into is it its just less may more most must my
no not of off on one only or other our out over own s same shall she should so some such t than that the
their them then there these they this those through to too under up very was we were what when where which
who why will with without would you your
"""
SMALL_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
# "on" is French for people and English for a place, "a" and "s" are in both: what both have tells nothing.
_TELLING = {
    "fr": SMALL_WORDS["fr"] - SMALL_WORDS["en"],
    "en": SMALL_WORDS["en"] - SMALL_WORDS["fr"],
}
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case and without accents, as people type them on a phone or do not."""
    spelled = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return _WORD.findall("".join(c for c in spelled if not unicodedata.combining(c)))


def language_of(text: str, otherwise: str | None = None) -> str | None:
    """The language whose small words are more frequent in a text; `otherwise` when it has none, or as many of each."""
    words = words_of(text)
    french, english = (sum(word in _TELLING[language] for word in words) for language in LANGUAGES)
    if french == english:
        return otherwise
    return "fr" if french > english else "en"
