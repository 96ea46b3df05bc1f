"""What a passphrase may be, and what a word said aloud is. Pure.

Long, and not among the commonest; nothing about capitals, digits or signs, which people only meet in the same few ways.
Source: NIST SP 800-63B-4, 3.1.1.2.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

LEAST, MOST = 15, 200
# Of a passphrase, beside common words and the name it belongs to.
LEAST_OWN = 6
LEAST_SIGNS = 5
LEAST_WORD = 6

# The commonest passwords of France and of the world, and what one thinks of first here. Strung together they are no better.
_COMMON = """
    password passphrase motdepasse phrasedepasse passe pass azertyuiop azerty qwertyuiop qwerty qsdfghjklm asdfghjkl
    wxcvbn zxcvbnm abc abcd iloveyou jetaime bonjour soleil sunshine welcome bienvenue letmein laissemoientrer
    admin administrator administrateur facilitator facilitateur expert rapporteur palabre atelier workshop seminar
    seminaire niamey niger afrique africa douane douanes customs integrite integrity secret princess princesse
    football marseille dragon monkey doudou loulou chouchou superman batman master shadow michael charlie
    changeme changezmoi test demo user utilisateur hello coucou
    1234567890 123456789 12345678 1234567 123456 12345 1234 123
"""
_COMMON_WORDS = re.compile("|".join(sorted(_COMMON.split(), key=len, reverse=True)))


def tidy(words: str) -> str:
    """A passphrase as it is compared: the same letters whatever keyboard typed them, without what was pasted around it."""
    return unicodedata.normalize("NFKC", words).strip()


def fault(words: str, name: str) -> str:
    """What is wrong with a passphrase for the account of this name: "short", "long", "common", or nothing."""
    if len(words) < LEAST:
        return "short"
    if len(words) > MOST:
        return "long"
    bare = spoken(words)
    own = bare
    for part in sorted(re.split(r"\W+", _plain(name)), key=len, reverse=True):
        own = own.replace(part, "") if len(part) > 2 else own
    own = _COMMON_WORDS.sub("", own)
    if len(own) < LEAST_OWN or len(set(bare)) < LEAST_SIGNS or _is_row(bare):
        return "common"
    return ""


def _is_row(letters: str) -> bool:
    """Whether most signs follow one another as on a row of numbers or letters, or repeat."""
    steps = [ord(after) - ord(before) for before, after in pairwise(letters)]
    return sum(abs(step) <= 1 for step in steps) > len(steps) * 0.7


def spoken(word: str) -> str:
    """A word as one hears it: without accents, capitals, spaces and signs between."""
    return "".join(sign for sign in _plain(word) if sign.isalnum())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
