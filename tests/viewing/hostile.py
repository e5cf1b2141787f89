"""A corpus and outputs that attack the page: whatever they hold is to be shown, and to do nothing."""

from typing import Any

PWNED = "window.pwned=1"
ATTACKS = {
    "script": f"<script>{PWNED}</script>",
    "closing": f"</script></style></title></textarea><img src=x onerror={PWNED}>",
    "handlers": f'" autofocus onfocus={PWNED} x="><svg onload={PWNED}><details open ontoggle={PWNED}>',
    "frame": f'<iframe srcdoc="<script>parent.{PWNED}</script>"></iframe><object data="javascript:{PWNED}"></object>',
    "markdown": f"[click](javascript:{PWNED}) ![look](http://attacker.example/look.png) <http://attacker.example/>",
    "turned": "the sum \u202e000,1 \u202c and \u2066isolated\u2069 \u200f\u061c zero\u200bwidth\ufeff",
    "control": "nul \x00 bell \x07 del \x7f \x1b[2J\x1b]8;;http://attacker.example\x07link\x1b]8;; c1 \x9b31m",
    "comment": "<!-- <!--> <script <!-- ]]> <![CDATA[ --!> &lt;b&gt; &#60;i&#62; &amp;",
    "template": "{{7*7}} ${7*7} {% raw %} #{7*7} <%= 7*7 %> __proto__ constructor toString",
    "places": f"#article=x&language=zh&__proto__=y %00 %3Cscript%3E{PWNED}%3C/script%3E",
    "words": "constructor",
}
#: Names of files of outputs, which name the systems.
FILES = (f"<img src=x onerror={PWNED}>.jsonl", "\"'><b>bold<!-- {{7*7}} \u202egnp.jsonl")
LINKS = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "http://attacker.example/?a=1&b=<b>", "x:y")
LONG = 1_000_000  # characters of one line
HALF = "half \ud83d a character <b>"  # no UTF-8 holds it: such an article is left out, and the reason told


def articles() -> list[dict[str, Any]]:
    """One article an attack, which stands in each of its fields; and one with a line of a million characters."""
    found = [_article(number, text) for number, text in enumerate(ATTACKS.values())]
    return [*found, {**_article(len(found), "long"), "source": _long("source ")}]


def halved() -> dict[str, Any]:
    """An article that cannot be read."""
    return _article(0, HALF)


def outputs(number: int) -> list[dict[str, Any]]:
    """Outputs of a system; the second leaves one out, with a reason that attacks too."""
    lines: list[dict[str, Any]] = [
        {"id": f"{article['id']}:en", "text": f"It cost {7 + number} million euros. {text}"}
        for article, text in zip(articles(), [*ATTACKS.values(), _long("output ")], strict=True)
    ]
    if number:
        lines[0] = {"id": lines[0]["id"], "failure": ATTACKS["closing"]}
    return lines


def _article(number: int, text: str) -> dict[str, Any]:
    return {
        "id": text,
        "title": f"title {text}",
        "author": f"author {text}",
        "tags": [text, "plain"],
        "link": LINKS[number % len(LINKS)],
        "date": "2025-01-31",
        "language": "en",
        "source": f"It cost 5 million euros, {text} said.",
        "references": {
            "en": {"abstract": f"It cost 6 million euros. {text}", "key_points": [{"label": text, "text": text}]}
        },
    }


def _long(word: str) -> str:
    return f"It cost 5 million euros. {word * (LONG // len(word))}"
