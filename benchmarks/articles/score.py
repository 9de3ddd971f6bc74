"""How well claims are found: our own marked texts, tuned and unseen part, beside a naive reading.

    python benchmarks/articles/score.py [--folder DIR] [--errors tuned] [--polnear DIR]

In a marked text ``{{speaker,form,hedge,topic|words}}`` stands around each claim. Persons and outlets are made up.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.articles import Reading, read_text

HERE = Path(__file__).parent
_MARK = re.compile(r"\{\{([^,|]+),(\w),(\w),(\w+)\|(.*?)\}\}", re.S)
_HEDGES = {"c": "certain", "p": "probable", "o": "possible", "l": "alleged"}
_TOPICS = dict(
    pair.split("=")
    for pair in (
        "cit=citizenship vis=visa pay=payment_system card=bank_cards sim=sim_cards lang=language_law "
        "iden=identity_policy exp=export_monitoring"
        " circ=circumvention_channels sanc=sanctions_pressure fin=financial_restrictions alig=alignment "
        "det=detention corr=corruption_fraud"
        " mem=membership mil=military"
    ).split()
)


@dataclass(frozen=True)
class Gold:
    start: int
    end: int
    speaker: str
    hedge: str
    topic: str


@dataclass(frozen=True)
class Guess:
    start: int
    end: int
    speaker: str
    hedge: str
    topic: str | None


def unmarked(marked: str) -> tuple[str, list[Gold]]:
    """Return the text without its marks, and what they say."""
    pieces: list[str] = []
    gold: list[Gold] = []
    at = size = 0
    for match in _MARK.finditer(marked):
        before = marked[at : match.start()]
        size += len(before)
        pieces += [before, match[5]]
        gold.append(Gold(size, size + len(match[5]), match[1], _HEDGES[match[3]], _TOPICS[match[4]]))
        size += len(match[5])
        at = match.end()
    return "".join([*pieces, marked[at:]]), gold


def ours(text: str, *, is_parsed: bool = True) -> list[Guess]:
    reading = read_text(text, is_parsed=is_parsed)
    assert all(text[c.start : c.end] == c.quote for c in reading.claims)
    return [Guess(c.start, c.end, c.speaker, c.hedge, c.topic) for c in reading.claims]


def plain(text: str) -> list[Guess]:
    """The rules without a parse."""
    return ours(text, is_parsed=False)


def naive(text: str) -> list[Guess]:
    """Every sentence with a full stop; the nearest capitalised name before it speaks; first topic word."""
    found = []
    for match in re.finditer(r"[A-Z“\"«][^.?!\n]{15,}[.!\n]", text):
        names = re.findall(r"[A-Z]\w+ [A-Z]\w+", text[: match.end()])
        speaker = (
            f"per:{names[-1].lower().replace(' ', '-')}"
            if names and re.search(r"[“\"«]|said|told", match.group())
            else "author"
        )
        hedge = "possible" if re.search(r"\b(?:may|might|could)\b", match.group()) else "certain"
        topic = next(
            (t for t in _TOPICS.values() if t.split("_")[0] in match.group().lower()), "circumvention_channels"
        )
        found.append(Guess(match.start(), match.end() - 1, speaker, hedge, topic))
    return found


@dataclass
class Tally:
    """Counts of one text."""

    hit: int = 0
    missed: int = 0
    extra: int = 0
    clear: int = 0
    speaker: int = 0
    topic: int = 0
    pairs: int = 0
    hedges: tuple[tuple[str, str], ...] = ()


def sentences(text: str) -> list[tuple[int, int]]:
    edges = [0, *(m.end() for m in re.finditer(r"(?<=[.!?])[\"”»*]*\s+(?=[\"“«A-Z—–\-*])|\n+", text)), len(text)]
    return [(a, b) for a, b in itertools.pairwise(edges) if text[a:b].strip()]


def tally(text: str, gold: Sequence[Gold], guesses: Sequence[Guess]) -> Tally:
    """Compare by sentence for finding, and by best overlap for speaker, hedge and topic."""
    result = Tally()
    for start, end in sentences(text):
        in_gold = any(_overlap(g.start, g.end, start, end) >= 8 for g in gold)
        in_ours = any(_overlap(g.start, g.end, start, end) >= 8 for g in guesses)
        result.hit += in_gold and in_ours
        result.missed += in_gold and not in_ours
        result.extra += in_ours and not in_gold
    hedges = []
    for item in gold:
        best = max(guesses, key=lambda g: _overlap(g.start, g.end, item.start, item.end), default=None)
        if best is None or _overlap(best.start, best.end, item.start, item.end) * 2 < item.end - item.start:
            continue
        result.pairs += 1
        result.topic += best.topic == item.topic
        result.clear += 1
        result.speaker += best.speaker == item.speaker or _same_body(best.speaker, item.speaker)
        hedges.append((item.hedge, best.hedge))
    result.hedges = tuple(hedges)
    return result


def _same_body(one: str, other: str) -> bool:
    """Slugs of bodies agree where they share most words."""
    if not one.startswith("org:") or not other.startswith("org:"):
        return False
    a, b = set(one[4:].split("-")), set(other[4:].split("-"))
    return len(a & b) * 2 >= min(len(a), len(b)) * 1.2 or len(a & b) >= 2


def _overlap(a: int, b: int, c: int, d: int) -> int:
    return max(0, min(b, d) - max(a, c))


def figures(tallies: Sequence[Tally]) -> dict[str, float]:
    hit, missed, extra = (sum(getattr(t, name) for t in tallies) for name in ("hit", "missed", "extra"))
    pairs = sum(t.pairs for t in tallies) or 1
    return {
        "sentence P": hit / max(1, hit + extra),
        "sentence R": hit / max(1, hit + missed),
        "sentence F1": 2 * hit / max(1, 2 * hit + missed + extra),
        "speaker": sum(t.speaker for t in tallies) / (sum(t.clear for t in tallies) or 1),
        "hedge macro F1": macro([pair for t in tallies for pair in t.hedges]),
        "topic": sum(t.topic for t in tallies) / pairs,
    }


def macro(pairs: Sequence[tuple[str, str]]) -> float:
    right = Counter(a for a, b in pairs if a == b)
    golden, guessed = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    levels = sorted(golden)
    return sum(2 * right[x] / (golden[x] + guessed[x]) for x in levels) / max(1, len(levels))


def interval(tallies: Sequence[Tally], name: str, *, rounds: int = 1000) -> tuple[float, float]:
    """Return the 90 % interval of a figure over texts drawn again and again."""
    draw = random.Random(7)
    values = sorted(figures(draw.choices(tallies, k=len(tallies)))[name] for _ in range(rounds))
    return values[rounds // 20], values[-rounds // 20]


def texts(folder: Path) -> Iterator[tuple[str, str, list[Gold]]]:
    for path in sorted(folder.glob("*.txt")):
        yield (path.stem, *unmarked(path.read_text("utf-8")))


def synthetic(folder: Path) -> Iterator[tuple[str, str, list[Gold]]]:
    """Texts with labels in ``gold.jsonl`` beside them."""
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    for path in sorted(folder.glob("*.txt")):
        mine = [r for r in rows if r["doc"].endswith(f":{path.stem}")]
        yield (
            path.stem,
            path.read_text("utf-8"),
            [Gold(r["start"], r["end"], r["speaker"], r["hedge"], r["topic"]) for r in mine],
        )


def show(part: str, data: Sequence[tuple[str, str, list[Gold]]], *, rounds: int) -> None:
    readers: dict[str, Callable[[str], list[Guess]]] = {"parsed": ours, "plain": plain, "naive": naive}
    print(f"{part}: {len(data)} texts, {sum(len(g) for _, _, g in data)} claims")
    for name, reader in readers.items():
        began = time.perf_counter()
        tallies = [tally(text, gold, reader(text)) for _, text, gold in data]
        seconds = time.perf_counter() - began
        for figure, value in figures(tallies).items():
            low, high = interval(tallies, figure, rounds=rounds)
            print(f"  {name:<9} {figure:<15} {value:.3f}  [{low:.3f}, {high:.3f}]")
        print(f"  {name:<9} {len(data) / seconds:.1f} texts a second")


def errors(data: Sequence[tuple[str, str, list[Gold]]]) -> None:
    for name, text, gold in data:
        guesses = ours(text)
        for start, end in sentences(text):
            a = any(_overlap(g.start, g.end, start, end) >= 8 for g in gold)
            b = any(_overlap(g.start, g.end, start, end) >= 8 for g in guesses)
            if a != b:
                print(name, "MISSED" if a else "EXTRA", repr(text[start:end].strip()[:150]))
        for item in gold:
            best = max(guesses, key=lambda g: _overlap(g.start, g.end, item.start, item.end), default=None)
            words = text[item.start : item.end]
            if best is None or _overlap(best.start, best.end, item.start, item.end) * 2 < item.end - item.start:
                print(name, "SPAN", repr(words[:110]))
                continue
            if best.speaker != item.speaker and not _same_body(best.speaker, item.speaker):
                print(name, "SPEAKER", item.speaker, "<-", best.speaker, repr(words[:80]))
            if best.hedge != item.hedge:
                print(name, "HEDGE", item.hedge, "<-", best.hedge, repr(words[:80]))
            if best.topic != item.topic:
                print(name, "TOPIC", item.topic, "<-", best.topic, repr(words[:80]))


def polnear(folder: Path, *, is_parsed: bool) -> None:
    """Content F1 at an overlap of half, over brat files; adjacent claims of one speaker count as one content."""
    right = n_gold = n_ours = n_speaker = 0
    for path in sorted(folder.glob("*.ann")):
        stem = path.name.rpartition("_")[0]
        text = (folder / f"{stem}.txt").read_text("utf-8")
        gold = _brat(path.read_text("utf-8"))
        mine = contents(read_text(text, is_parsed=is_parsed))
        taken: set[int] = set()
        for item, source in gold:
            scored = [(_iou(item, other), n) for n, (other, _) in enumerate(mine) if n not in taken]
            if scored and max(scored)[0] >= 0.5:
                taken.add(max(scored)[1])
                right += 1
                who = mine[max(scored)[1]][1]
                n_speaker += bool(source and who.split(":")[-1].split("-")[-1] in source.lower())
        n_gold += len(gold)
        n_ours += len(mine)
    precision, recall = right / max(1, n_ours), right / max(1, n_gold)
    print(
        f"PolNeAR, {'parsed' if is_parsed else 'plain'}: {n_gold} attributions, P {precision:.3f} R {recall:.3f} F1 "
        f"{2 * right / max(1, n_ours + n_gold):.3f}, source word {n_speaker}/{right}"
    )


def _brat(text: str) -> list[tuple[set[int], str]]:
    spans: dict[str, tuple[set[int], str]] = {}
    found = []
    for line in text.splitlines():
        parts = line.split("\t")
        if line.startswith("T") and len(parts) > 1:
            _label, places = parts[1].split(" ", 1)
            chars = {n for pair in places.split(";") for n in range(*map(int, pair.split()))}
            spans[parts[0]] = (chars, parts[2] if len(parts) > 2 else "")
        elif line.startswith("E") and len(parts) > 1:
            roles = dict(item.split(":") for item in parts[1].split() if ":" in item)
            if "Content" in roles:
                found.append((spans[roles["Content"]][0], spans[roles["Source"]][1] if "Source" in roles else ""))
    return found


def _iou(a: set[int], b: set[int]) -> float:
    return len(a & b) / max(1, len(a | b))


def contents(reading: Reading) -> list[tuple[set[int], str]]:
    """Claims that are somebody's words, joined where one speaker goes on in one paragraph."""
    found: list[tuple[set[int], str, str]] = []
    last = -1000
    for claim in reading.claims:
        if claim.speech_form == "narration" or claim.speaker == "author":
            continue
        chars = set(range(claim.start, claim.end))
        between = reading.text[last : claim.start] if last >= 0 else "\n"
        if (
            found
            and found[-1][1] == claim.speaker
            and found[-1][2] == claim.speech_form == "direct_quote"
            and "\n" not in between
        ):
            found[-1] = (found[-1][0] | chars, claim.speaker, claim.speech_form)
        else:
            found.append((chars, claim.speaker, claim.speech_form))
        last = claim.end
    return [(chars, who) for chars, who, _ in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="texts with gold.jsonl")
    parser.add_argument("--errors", choices=["tuned", "unseen", "russian-tuned", "folder"])
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--rounds", type=int, default=1000)
    given = parser.parse_args()
    parts = {part: list(texts(HERE / part)) for part in ("tuned", "unseen", "russian-tuned", "russian-unseen")}
    if given.folder:
        parts["folder"] = list(synthetic(given.folder))
    if given.errors:
        errors(parts[given.errors])
        return
    for part, data in parts.items():
        show(part, data, rounds=given.rounds)
    if given.polnear:
        for is_parsed in (True, False):
            polnear(given.polnear, is_parsed=is_parsed)


if __name__ == "__main__":
    main()
