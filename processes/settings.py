"""Settings of a process, from environment variables that begin with `ONBOARD_`: read once, at the start.

Secrets come from the environment alone and are never shown, not even where they are wrong.
"""

from typing import Annotated, Self

from pydantic import StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ONBOARD_"

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text with something in it."""


class InvalidSettings(ValueError):
    """Settings are missing or wrong; the message has one line for each and never quotes a value."""


class Settings(BaseSettings):
    """Base of all settings. Each field has a description that completes the sentence "Set it to ..."."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def read(cls) -> Self:
        """The settings in the environment. Raises InvalidSettings."""
        try:
            return cls()
        except ValidationError as error:
            wrong = {str(problem["loc"][0]): problem["msg"] for problem in error.errors(include_input=False)}
        raise InvalidSettings("\n".join(cls._what_to_set(name, problem) for name, problem in wrong.items()))

    @classmethod
    def _what_to_set(cls, name: str, problem: str) -> str:
        return f"{PREFIX}{name.upper()}: {problem}. Set it to {cls.model_fields[name].description}."
