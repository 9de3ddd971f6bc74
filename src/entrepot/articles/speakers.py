"""Who is meant by the words that name a speaker; pronouns go to the latest who fits, or stay open."""

from __future__ import annotations

import re
from dataclasses import replace

from entrepot.articles import lexicon, russian
from entrepot.articles.bodies import Bodies, kind_of, org_id
from entrepot.articles.entities import BODY, OUTLET
from entrepot.articles.model import Speaker
from entrepot.articles.people import People, Person, slug
from entrepot.articles.russian_words import is_russian

AUTHOR = Speaker("author", "author", "author")
_SMALL = frozenset(
    "the a an of in at from for to and with by on some several many two three four both his her their "
    "its other another one this that those these"
    " who which told said also".split()
)
_LEAD = re.compile(
    (
        r"^(?:(?:and|but|while|as|meanwhile|however|also|yet|so|on \w+day|in \w+|later|earlier|still|for "
        r"(?:his|her|its|their) part),?\s+)+(?=\S)"
    ),
    re.I,
)
_OF = re.compile(
    r"\b(?:of|for|from|at|to|in|on|with|by|about|near|under)\s+(?:the\s+|an?\s+)?(?:[\w’'\-]+\s+){0,3}$", re.I
)
_PRONOUN = {"he": "m", "she": "f", "him": "m", "her": "f", "his": "m"}
_ORGANS = re.compile(
    (
        r"\b(?:ministry|bank|agency|service|committee|commission|company|firm|office|department|government"
        r"|parliament|regulator|union|operator|customs|police|court|council|institute|party|channel|newspaper"
        r"|embassy|bureau|lender|association)\b"
    ),
    re.I,
)


_SMALL_RUSSIAN = frozenset("в во на из от у с со о об и для по к".split())
_OUTLETS = frozenset("paper newspaper daily outlet portal magazine weekly".split())


class Speakers:
    """The speakers of one text, as they come up."""

    def __init__(self, text: str, people: People, bodies: Bodies) -> None:
        self.text, self.people, self.bodies = text, people, bodies
        self.recent: list[tuple[Speaker, int]] = []

    def said(self, speaker: Speaker, place: int) -> Speaker:
        """Remember that a speaker spoke."""
        if speaker.id != "author":
            self.recent.append((replace(speaker, status="sure", alternatives=()), place))
        return speaker

    def resolve(self, start: int, end: int) -> Speaker:
        """Return whom a stretch of text names."""
        return self.of_words(self.text[start:end], start)

    def of_words(self, words: str, place: int) -> Speaker:
        """Return whom words at a place name."""
        if is_russian(words, 0, len(words)):
            return self._russian(words, place)
        bare = _LEAD.sub("", " ".join(words.split())).strip(" ,;:—–-\"“”'’*_") or words
        low = bare.lower()
        if low in ("him", "her") or (low.split(" ", 1)[0] in ("he", "she") and len(low.split()) <= 3):
            return self._pronoun(low.split()[0], place)
        if low in ("they", "it", "them", "both", "who", "which"):
            return self._last(place, is_body=low in ("they", "it"))
        if low in ("i", "we", "you"):
            return AUTHOR
        if person := self._person(bare):
            return of_person(person)
        head = low.split()
        if (
            head[0] in ("the", "this", "that", "his", "her")
            and len(head) <= 4
            and not _ORGANS.search(low)
            and " of " not in low
        ) and (found := self._by_role(low, place)):
            return found
        return self._body(bare, place)

    def _russian(self, words: str, place: int) -> Speaker:
        bare = " ".join(words.split()).strip(' ,;:—–-"“”«»*_.')
        low = re.sub(r"^(?:в|во|у)\s", "", bare.lower())
        if low in ("он", "она", "него", "нее", "неё", "ней", "нему", "ним", "его", "её", "ее"):
            return self._last(place, is_body=False)
        if low in (
            "они",
            "них",
            "ведомстве",
            "ведомство",
            "министерстве",
            "компании",
            "банке",
            "агентстве",
            "комитете",
        ):
            return self._last(place, is_body=True) if self.recent else self._last_body(place)
        if low in ("я", "мы", ""):
            return AUTHOR
        if person := self.people.named(bare):
            return of_person(person)
        if kind_of(bare):
            state, others = self.bodies.state_of(bare, place)
            alternatives = tuple(org_id(bare, other) for other in others)
            return Speaker(org_id(bare, state), bare, "", "ambiguous" if alternatives else "sure", alternatives)
        name = re.sub(r"^(?:в|во|у)\s|^(?:(?:два|две|двое|три|один|одна)\s)", "", bare, flags=re.I)
        kept = [w for w in re.findall(r"[\w\-]+", name) if w.lower() not in _SMALL_RUSSIAN][:5]
        found = Speaker(f"org:{slug(' '.join(kept))}" if kept else "author", name)
        is_open = russian.is_unnamed(name)
        return replace(found, status="ambiguous", alternatives=("author",)) if is_open else found

    def _last_body(self, place: int) -> Speaker:
        named = [m.group() for m in BODY.finditer(self.text, 0, place)]
        return self.of_words(named[-1], place) if named else replace(AUTHOR, status="ambiguous")

    def _person(self, bare: str) -> Person | None:
        """The person named as the head, not as what the head belongs to."""
        first = re.split(r",\s|\s\(", bare, maxsplit=1)[0]
        for piece in (first, bare):
            for match in re.finditer(r"[A-ZÀ-ÝА-Я][\w’'\-]*(?:\s(?:[a-z]{2,3}\s)?[A-ZÀ-ÝА-Я][\w’'\-]*)*", piece):
                person = self.people.named(match.group())
                before = piece[: match.start()]
                is_owner = re.search(r"['’]s?$", match.group()) is not None or re.match(
                    r"['’]s\b", piece[match.end() :]
                )
                if (
                    person
                    and not is_owner
                    and not (_OF.search(before) and not _is_office(before, match.group(), person))
                ):
                    return person
        return None

    def _by_role(self, low: str, place: int) -> Speaker | None:
        noun = low.split()[-1]
        found = self.people.of_role(noun, place)
        if found:
            status = (
                "sure" if len(found) == 1 or (self.recent and self.recent[-1][0].id == found[0].id) else "ambiguous"
            )
            return replace(
                of_person(found[0]),
                status=status,
                alternatives=tuple(p.id for p in found[1:]) if status == "ambiguous" else (),
            )
        is_personal = noun in lexicon.words("roles") or noun in (
            "man",
            "woman",
            "author",
            "veteran",
            "speaker",
            "interlocutor",
        )
        people = [s for s, _ in self.recent if s.id.startswith("per:")]
        if is_personal and people:
            others = tuple(dict.fromkeys(s.id for s in reversed(people) if s.id != people[-1].id))
            return replace(people[-1], status="ambiguous" if others else "sure", alternatives=others[:3])
        return None

    def _pronoun(self, word: str, place: int) -> Speaker:
        gender = _PRONOUN[word]
        named = sorted(
            ((max(q for q in p.places if q < place), p) for p in self.people.persons.values() if min(p.places) < place),
            key=lambda pair: -pair[0],
        )
        near = [p for q, p in named if p.gender in ("", gender) and place - q < 1500]
        spoke = [s.id for s, _ in reversed(self.recent)]
        near.sort(key=lambda p: spoke.index(p.id) if p.id in spoke else 99)
        if not near:
            return self._last(place, is_body=False)
        if not near[0].gender:
            near[0].gender = gender
        rivals = [
            p
            for p in near[1:]
            if p.id in spoke[:2] or (near[0].id not in spoke and place - max(q for q in p.places if q < place) < 400)
        ]
        status = "ambiguous" if rivals and near[0].id not in spoke[:1] else "sure"
        return replace(
            of_person(near[0]),
            status=status,
            alternatives=tuple(p.id for p in rivals[:3]) if status == "ambiguous" else (),
        )

    def _last(self, place: int, *, is_body: bool) -> Speaker:
        prefix = "org:" if is_body else "per:"
        fitting = [s for s, _ in self.recent if s.id.startswith(prefix)] or [s for s, _ in self.recent]
        if not fitting:
            return replace(AUTHOR, status="ambiguous")
        others = tuple(dict.fromkeys(s.id for s in reversed(fitting) if s.id != fitting[-1].id))
        return replace(fitting[-1], status="ambiguous" if others else "sure", alternatives=others[:3])

    def _said_before(self, noun: str, place: int) -> Speaker | None:
        """Return the body that ``the ministry`` or ``the paper`` points back to: a speaker's, else one named before."""
        for speaker, _ in reversed(self.recent):
            if speaker.id.startswith("org:") and re.search(rf"\b{re.escape(noun)}\b", speaker.name, re.I):
                return speaker
        pattern = OUTLET if noun in _OUTLETS else BODY
        named = [m.group() for m in pattern.finditer(self.text, max(0, place - 3000), place)]
        named = [name for name in named if noun in _OUTLETS or re.search(rf"\b{re.escape(noun)}\b", name, re.I)]
        return self._body(named[-1], place) if named else None

    def _body(self, bare: str, place: int) -> Speaker:
        name = re.sub(r"^(?:the|a|an)\s", "", bare, flags=re.I)
        first = re.split(r",\s|\s(?:which|who|that)\s", name, maxsplit=1)[0].strip(" .*_")
        words = re.findall(r"[\w’'\-.]+", first)
        low = first.lower()
        is_unnamed = any(w.lower() in lexicon.words("anonymous") for w in words) and not re.search(
            r"[A-Z][a-z]", " ".join(words[1:])
        )
        if len(words) == 1 and re.match(r"the\s", bare, re.I) and (known := self._said_before(low, place)):
            return known
        if kind_of(first) and not re.search(r"\b(?:press|service|sources?|head|officials?)\b", low):
            state, others = self.bodies.state_of(first, place)
            found = Speaker(org_id(first, state), re.sub(r"^(?:the|The)\s", "", bare))
            alternatives = tuple(org_id(first, other) for other in others)
            return replace(found, status="ambiguous", alternatives=alternatives) if alternatives else found
        kept = [word for word in words if word.lower() not in _SMALL][:5]
        found = Speaker(
            f"org:{slug(' '.join(kept))}" if slug(" ".join(kept)) else "author", re.sub(r"^(?:the|The)\s", "", bare), ""
        )
        return replace(found, status="ambiguous", alternatives=("author",)) if is_unnamed else found


def is_anonymous(speaker: Speaker) -> bool:
    """Return whether a speaker is a source without a name or an office."""
    return speaker.status == "ambiguous" and speaker.alternatives == ("author",)


def _is_office(before: str, name: str, person: Person) -> bool:
    """``Head of the National Bank X``: the words after ``of`` are the body, and the name stands by itself."""
    return bool(re.search(r"[A-Z][\w’'\-]*\s$", before)) or name.split()[0] not in (
        person.name.split()[0],
        person.surname,
    )


def of_person(person: Person) -> Speaker:
    """Return a person as a speaker."""
    return Speaker(person.id, person.name, person.role)
