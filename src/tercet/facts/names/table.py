"""The table of names: what English and Chinese call the same thing, from CC-CEDICT and CLDR."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from tercet.facts.names.cldr import adjectives, cities, countries, derived
from tercet.facts.names.folding import folded
from tercet.facts.names.glosses import Gloss, glosses, plain_chinese, words
from tercet.facts.names.loading import uncollected

# What English texts write and neither source has in this form, or not for the country that is meant by it.
_LACKING = {
    "america": "美国", "american": "美国", "united states of america": "美国", "washington": "美国", "uk": "英国",
    "britain": "英国", "briton": "英国", "uae": "阿联酋", "emirati": "阿联酋", "beijing": "中国", "sino": "中国",
    "macau": "澳门", "korea": "韩国", "korean": "朝鲜", "turkey": "土耳其", "turk": "土耳其", "dane": "丹麦",
    "swede": "瑞典", "finn": "芬兰", "spaniard": "西班牙", "scot": "苏格兰", "scottish": "苏格兰", "roman": "罗马",
    "hindu": "印度", "hindi": "印度", "nordic": "北欧", "antarctic": "南极洲", "brussels": "欧盟",
}  # fmt: skip
# What stands for China in a Chinese text: our country, the inland, at home, of home make, nationwide, compatriots.
_AT_HOME = ("我国", "国内", "内地", "大陆", "国产", "全国", "国人", "回国", "汉字", "汉语")
_CLASS = re.compile(
    r" (?:province|city|county|district|prefecture|township|municipality|autonomous region|state|island|ocean|sea"
    r"|river|lake|mountains?)$"
)
_WATERS_AND_LANDS = re.compile(
    r" (?:river|sea|ocean|lake|mountains?|islands?|basin|bay|strait|canal|peninsula|desert|gulf|valley|plain|plateau)$"
)
_OF_A_STATE = frozenset("州省")
_CHINESE_CLASS = re.compile(r"(?<=..)(?:[人语文族洲]|(?<=...)[州省县府市区镇郡国])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTable:
    """Names of things in both languages; a thing's key is a simplified Chinese name of it.

    Args:
        english: Folded English name to the keys of what it may be.
        solid: The English names by whose absence a text can be accused: places, and people by their full name.
        names: Key to the folded English names that stand for it.
        forms: Key to the other Chinese names that stand for it.
        kin: Key to the keys that stand for it in the language of the news: a country and its capital.
        solid_chinese: First two characters to the solid Chinese names that begin with them, longest first.
        keys: Chinese name of two characters or more to the keys of what it may be.
        countries: Keys of countries and regions.
        people: Keys of people.
        shorts: Single characters that stand for countries and regions.
    """

    english: Mapping[str, frozenset[str]]
    solid: frozenset[str]
    names: Mapping[str, frozenset[str]]
    forms: Mapping[str, frozenset[str]]
    kin: Mapping[str, frozenset[str]]
    solid_chinese: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, frozenset[str]]
    countries: frozenset[str]
    people: frozenset[str]
    shorts: frozenset[str]


@cache
def table() -> NameTable:
    """Read the table; it takes half a second, once in a process."""
    with uncollected():
        made = _Builder()
        made.add_countries()
        for gloss in glosses():
            made.add_gloss(gloss)
        for name, key in _LACKING.items():
            made.add(name, key, solid=True)
        made.put_countries_together()
        made.forms["中国"].update(_AT_HOME)
        return made.table()


@cache
def first_words() -> frozenset[str]:
    """First words of the English names that have several."""
    return frozenset(name.split(" ", 1)[0] for name in table().english if " " in name)


@lru_cache(8192)
def forms_of(key: str) -> tuple[str, ...]:
    """List the Chinese forms of a name, also without the word for what it is, the longest first.

    >>> forms_of("佛罗里达州")
    ('佛罗里达州', '佛罗里达', '佛州')
    """
    found = {key, *table().forms.get(key, ())}
    found.update(_CHINESE_CLASS.sub("", form) for form in tuple(found))
    found.update(form[0] + "州" for form in tuple(found) if len(form) > 2 and form.endswith("州"))
    return tuple(sorted(found, key=lambda form: (-len(form), form)))


class _Builder:
    """Collects names from the sources."""

    def __init__(self) -> None:
        self.english: defaultdict[str, set[str]] = defaultdict(set)
        self.solid: set[str] = set()
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        self.forms: defaultdict[str, set[str]] = defaultdict(set)
        self.kin: defaultdict[str, set[str]] = defaultdict(set)
        self.solid_chinese: set[str] = set()
        self.keys: defaultdict[str, set[str]] = defaultdict(set)
        self.people: set[str] = set()

    def add(self, name: str, *keys: str, solid: bool = False) -> None:
        """Add an English name of what the keys stand for."""
        for number, spelling in enumerate(_spellings(name)):
            self.english[spelling].update(keys)
            for key in keys:
                self.names[key].add(spelling)
            if solid and (number == 0 or spelling not in words()):
                self.solid.add(spelling)

    def add_countries(self) -> None:
        """Add what CLDR knows."""
        for name, key in countries().items():
            for form in (name, *derived(name)):
                self.add(form, key, solid=True)
            self.solid_chinese.add(key)
            self.keys[key].add(key)
        for adjective, key in adjectives():
            self.add(adjective, key, solid=True)
        for city, key in cities():
            self.add(city, key, solid=folded(city) not in words())
            self.keys[key].add(key)
            if key not in plain_chinese():
                self.solid_chinese.add(key)

    def add_gloss(self, gloss: Gloss) -> None:
        """Add one sense of a Chinese name."""
        keys = (gloss.chinese, *gloss.links)
        self.keys[gloss.chinese].update(keys)
        if gloss.person:
            self.people.add(gloss.chinese)
        for target in gloss.links:
            self.forms[target].add(gloss.chinese)
        for name in gloss.names:
            self._add_name(gloss, name, keys)
        capital = countries().get(folded(gloss.capital_of)) if gloss.capital_of else None
        if capital:
            self.kin[gloss.chinese].add(capital)
            self.kin[capital].add(gloss.chinese)
        if _is_solid_chinese(gloss, is_capital=bool(capital)):
            self.solid_chinese.add(gloss.chinese)
            if gloss.chinese[-1] in _OF_A_STATE and len(gloss.chinese) > 3:
                self.solid_chinese.add(gloss.chinese[:-1])
                self.keys[gloss.chinese[:-1]].update(keys)

    def _add_name(self, gloss: Gloss, name: str, keys: tuple[str, ...]) -> None:
        """Add a name with its shorter forms: Hubei Province, Hubei; the parts of a person's name."""
        plain = folded(name)
        if " and " in plain or (gloss.loose and self.english.get(plain, set()) & _known_countries()):
            return
        self.add(name, *keys, solid=_is_solid(gloss, name))
        if gloss.place and (shorter := _CLASS.sub("", plain)) != plain and shorter not in words():
            self.add(shorter, *keys, solid=True)
        if gloss.person and " " in plain:
            self.add(name.rpartition(" ")[2], *keys)
            for part in name.split()[:-1]:
                if len(part) > 2 and part[0].isupper():
                    self.english[folded(part).strip()].update(keys)

    def put_countries_together(self) -> None:
        """Let every Chinese name of a country stand for it, and all its English ones for each of them."""
        for name, key in countries().items():
            for other in self.english[name] - {key}:
                self.forms[key].add(other)
                self.keys[other].add(key)

    def table(self) -> NameTable:
        """Finish."""
        starts: defaultdict[str, list[str]] = defaultdict(list)
        for form in sorted(self.solid_chinese, key=lambda form: (-len(form), form)):
            starts[form[:2]].append(form)
        return NameTable(
            english=_frozen(self.english),
            solid=frozenset(self.solid),
            names=_frozen(self.names),
            forms=_frozen(self.forms),
            kin=_frozen(self.kin),
            solid_chinese={start: tuple(forms) for start, forms in starts.items()},
            keys={form: frozenset({form, *keys}) for form, keys in self.keys.items() if len(form) > 1},
            countries=_known_countries(),
            people=frozenset(self.people),
            shorts=frozenset(form for key in _known_countries() for form in self.forms[key] if len(form) == 1),
        )


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(found) for key, found in sets.items()}


@cache
def _known_countries() -> frozenset[str]:
    return frozenset(countries().values())


def _spellings(name: str) -> Iterator[str]:
    plain = folded(name.removeprefix("the ").removeprefix("The ")).strip()
    yield plain
    if "'" in plain:
        yield plain.replace("'", "")
    if "  " in plain:  # St. Petersburg, St Petersburg
        yield plain.replace("  ", " ")
    if " & " in plain:
        yield plain.replace(" & ", " and ")


def _is_solid(gloss: Gloss, name: str) -> bool:
    """Say whether an English name is the name of a place or a person and cannot be anything else."""
    parts = folded(name).split()
    if name.isupper() or not (gloss.place or (gloss.person and len(parts) > 1)):
        return False
    return any(part not in words() for part in parts) or (
        gloss.place and bool(_WATERS_AND_LANDS.search(" ".join(parts)))
    )


def _is_solid_chinese(gloss: Gloss, *, is_capital: bool) -> bool:
    """Say whether a Chinese form is a name wherever it stands: no short one, no town quarter, no plain words."""
    form = gloss.chinese
    if len(form) < 3:
        return is_capital
    place = gloss.place or form[-1] in _OF_A_STATE
    if not (place or gloss.person) or form.endswith("区") or form in plain_chinese():
        return False
    plain = [folded(name) for name in gloss.names if " of " not in name]
    if any(_WATERS_AND_LANDS.search(name) or not words().issuperset(name.split()) for name in plain):
        return True
    pairs = (form[at : at + 2] for at in range(len(form) - 1))
    return bool(plain) and plain_chinese().isdisjoint(pairs)
