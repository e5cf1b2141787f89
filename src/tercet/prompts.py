"""Prompts: what a language model is told, as Jinja templates in a config, and how its answer is read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tercet.answers import SCHEMA, SHAPES, Parsed, read_answer, write_answer
from tercet.cache import digest
from tercet.chat import Message
from tercet.errors import ConfigError, nearest
from tercet.records import Example
from tercet.routes import SUMMARIZE, TRANSLATE
from tercet.templates import check, fill
from tercet.text.languages import LANGUAGES, language

_ROLES = (SUMMARIZE, TRANSLATE)
#: What a template may name. The text is only ever a value: what looks like a template in it is shown as it stands.
VARIABLES = frozenset({"text", "source_language", "target_language", "source_code", "target_code", "role"})
_KEYS = ("abstract", "key_points", "label", "text", "closing")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a model is asked in each role, and in which shape it answers.

    A template sees ``text``; ``source_language`` and ``target_language``, as ``English``; ``source_code``
    and ``target_code``, as ``en``; and ``role``. ``{{ text | fence }}`` puts the text behind a fence that it
    cannot close (``tercet.fencing``).

    Args:
        system: What stands before the conversation; None leaves it out.
        summarize: The question of a summary; None where it is not asked.
        translate: The question of a translation; None where it is not asked.
        examples: How many are shown before the question, each as a turn of the user, the template over its
            text, and one of the assistant, its answer.
        shape: Of a summary: ``text`` takes the answer as it stands, ``json`` and ``markdown`` read abstract,
            key points and closing line out of it. A translation is a text.
    """

    system: str | None = None
    summarize: str | None = None
    translate: str | None = None
    examples: int = 0
    shape: str = "text"

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ConfigError(f"shape is '{self.shape}'.", nearest(self.shape, SHAPES))
        if self.examples < 0:
            raise ConfigError(f"examples is {self.examples}.", "It must be at least 0.")

    @property
    def digest(self) -> str:
        """Hash of all that decides the messages and how an answer is read; one character makes it another."""
        return digest(asdict(self))

    def refuses(self, role: str) -> str | None:
        """Say that there is no question for a role; None where there is one.

        Raises:
            ConfigError: A template is wrong: it is tried here, for every pair of languages, so that it is
                found out before anything runs.
            MissingExtraError: Jinja is not installed.
        """
        template = self._template(role)
        if template is None:
            have = [name for name in _ROLES if self._template(name) is not None]
            return f"the prompt has no template '{role}'" + (f", only '{have[0]}'" if have else "")
        if self.system is not None:
            check(self.system, "prompt.system", VARIABLES)
        if "text" not in check(template, f"prompt.{role}", VARIABLES):
            raise ConfigError(f"prompt.{role} never shows the text.", "Put {{ text }} where it should stand.")
        for source in LANGUAGES:
            for target in LANGUAGES:
                self._check_shape(role, self.messages(role, "A.\nB.", source, target, ()))
        return None

    def messages(
        self, role: str, text: str, source_language: str, target_language: str, examples: Sequence[Example]
    ) -> tuple[Message, ...]:
        """Word a request.

        Args:
            role: ``summarize`` or ``translate``.
            text: What it is about.
            source_language: Code of the text's language.
            target_language: Code of the answer's.
            examples: Of these the first ``examples`` are shown; one of the same text never is.

        Raises:
            ConfigError: There is no template for the role, or it cannot be filled.
        """
        template = self._template(role)
        if template is None:
            raise ConfigError(f"The prompt has no template '{role}'.", f"Write prompt.{role}.")
        values = {
            "text": text,
            "source_language": language(source_language).name,
            "target_language": language(target_language).name,
            "source_code": language(source_language).code,
            "target_code": language(target_language).code,
            "role": role,
        }
        turns = []
        if self.system is not None and (system := fill(self.system, "prompt.system", values)):
            turns.append(Message("system", system))
        for example in [item for item in examples if item.text.strip() != text.strip()][: self.examples]:
            question = fill(template, f"prompt.{role}", values | {"text": example.text})
            turns += [Message("user", question), Message("assistant", write_answer(example.answer, self._shape(role)))]
        return (*turns, Message("user", fill(template, f"prompt.{role}", values)))

    def schema(self, role: str) -> Mapping[str, Any] | None:
        """The JSON schema that an answer must follow; None where it is a text."""
        return SCHEMA if self._shape(role) == "json" else None

    def read(self, role: str, answer: str, target_language: str) -> Parsed:
        """Read an answer, whatever it is; nothing is raised, and nothing dropped."""
        return read_answer(answer, self._shape(role), target_language)

    def _template(self, role: str) -> str | None:
        return {SUMMARIZE: self.summarize, TRANSLATE: self.translate}.get(role)

    def _shape(self, role: str) -> str:
        return self.shape if role == SUMMARIZE else "text"

    def _check_shape(self, role: str, messages: Sequence[Message]) -> None:
        """Refuse a prompt that asks for JSON and shows it neither in words nor by an example.

        Not every server knows schemas, and those that take no schema but JSON want the word in a message.
        """
        if self._shape(role) != "json" or self.examples:
            return
        said = "\n".join(message.content for message in messages)
        missing = [key for key in ("JSON", *_KEYS) if key not in said]
        if missing:
            raise ConfigError(
                f"prompt.shape is json, and the prompt does not speak of {', '.join(missing)}.",
                "Describe the object in it, for servers that know no schemas.",
            )
