"""A ruling as JUnit XML, as Jenkins, GitLab and GitHub's test reporters read it: one suite, a case a check."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tercet.errors import TercetError
from tercet.gating.records import Check, Ruling, Verdict
from tercet.report.ruling_text import fact_title, method_line, places
from tercet.text.printable import printable

# What XML 1.0 has no way to write, https://www.w3.org/TR/xml/#charsets.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FACTS = 50


def as_junit(ruling: Ruling, name: str = "", *, seconds: float = 0.0) -> str:
    """Write a ruling: a failure where a score regressed, an error where it is incomplete.

    What is underpowered and does not fail, or is shown only, is skipped: it is no pass.

    Args:
        ruling: The ruling.
        name: Of the gate.
        seconds: How long it took.
    """
    cases = [_case(check) for check in ruling.checks]
    return _written(cases, _suite_name(name), seconds, f"{ruling.verdict}\n{method_line(ruling)}")


def error_as_junit(error: TercetError, name: str = "", *, seconds: float = 0.0) -> str:
    """Write why there is no ruling: one case, an error."""
    case = _element("testcase", classname="tercet.gate", name="gate", time="0")
    _tell(case, "error", type(error).__name__, str(error))
    return _written([case], _suite_name(name), seconds, str(error))


def _suite_name(name: str) -> str:
    return f"tercet gate {name}".strip()


def _written(cases: Sequence[Element], name: str, seconds: float, said: str) -> str:
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    numbers = {key: str(count) for key, count in counts.items()}
    root = _element("testsuites", name=name, time=f"{seconds:.3f}", **numbers)
    suite = SubElement(root, "testsuite", root.attrib)
    suite.extend(cases)
    SubElement(suite, "system-out").text = _clean(said)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(check: Check) -> Element:
    case = _element("testcase", classname=f"tercet.gate.{check.kind}", name=check.name, time="0")
    message = "\n".join([check.message, *_facts(check)])
    if check.fails:
        tag = "error" if check.verdict is Verdict.INCOMPLETE else "failure"
        _tell(case, tag, check.verdict.value, message)
    elif check.verdict is Verdict.PASSED:
        SubElement(case, "system-out").text = _clean(message)
    else:
        _tell(case, "skipped", check.verdict.value, message)
    return case


def _facts(check: Check) -> list[str]:
    """List the facts of a check, each with its places."""
    lines = []
    for fact in check.facts[:_FACTS]:
        lines.append(f"{fact.case_id}: {fact_title(fact)}")
        lines += [f"  {name}: {place.text}" for name, place in places(fact)]
    rest = check.all_facts - _FACTS
    return [*lines, *([f"and {rest:,} more"] if rest > 0 else [])]


def _tell(case: Element, tag: str, kind: str, message: str) -> None:
    """Put the first line of a message where a list of tests shows it, and all of it into the text."""
    found = SubElement(case, tag, {"message": _clean(message.partition("\n")[0]), "type": kind})
    found.text = _clean(message)


def _element(tag: str, **attributes: str) -> Element:
    return Element(tag, {key: _clean(value) for key, value in attributes.items()})


def _clean(text: str) -> str:
    return printable(_FORBIDDEN.sub("\ufffd", text))
