"""Faults on demand: what can go wrong between a request and its answer, by operation and by chance."""

import random
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ANY_OPERATION = "*"
TOKEN_OPERATION = "token"  # noqa: S105 - the name of an operation


class FaultKind(StrEnum):
    """``cut`` closes the connection without an answer, before or after the effect; ``timeout`` never answers.

    ``late`` lets the request through and keeps its answer back for a while.
    """

    STATUS = "status"
    STATUS_AFTER_COMMIT = "status_after_commit"
    TIMEOUT = "timeout"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    LATE = "late"


class Fault(BaseModel):
    """A rule: which operation goes wrong how, how often (``times`` None: until removed), how likely.

    ``operation`` is an operationId, ``*`` for all API operations, or ``token`` for the token endpoint. ``retry_after``
    is the header of a status answer: seconds or an HTTP date. ``after_commit`` applies to a timeout, ``seconds`` (real
    ones) to a late answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: str = ANY_OPERATION
    kind: FaultKind = FaultKind.STATUS
    status: Annotated[int, Field(ge=300, le=599)] = 500
    retry_after: int | str | None = None
    after_commit: bool = False
    seconds: Annotated[float, Field(ge=0)] = 1
    times: Annotated[int, Field(ge=1)] | None = 1
    probability: Annotated[float, Field(gt=0, le=1)] = 1

    @property
    def commits(self) -> bool:
        """Whether the request takes effect although its answer is lost."""
        if self.kind is FaultKind.TIMEOUT:
            return self.after_commit
        return self.kind in {FaultKind.STATUS_AFTER_COMMIT, FaultKind.CUT_AFTER, FaultKind.LATE}


class Faults:
    """The rules in force; the first one that applies and strikes decides about a request."""

    def __init__(self, seed: int) -> None:
        self._rules: list[Fault] = []
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def add(self, fault: Fault) -> None:
        """Put a rule in force, behind those that are."""
        self._rules.append(fault)

    def clear(self) -> None:
        """Remove every rule."""
        self._rules.clear()

    def all(self) -> list[Fault]:
        """The rules in force, each with the times it can still strike."""
        return self._rules

    def strike(self, operation: str) -> Fault | None:
        """The fault that befalls one request to this operation, if any."""
        for place, rule in enumerate(self._rules):
            applies = rule.operation == operation or (rule.operation == ANY_OPERATION and operation != TOKEN_OPERATION)
            if applies and self._chance.random() < rule.probability:
                self._use_up(place, rule)
                return rule
        return None

    def _use_up(self, place: int, rule: Fault) -> None:
        if rule.times == 1:
            del self._rules[place]
        elif rule.times is not None:
            self._rules[place] = rule.model_copy(update={"times": rule.times - 1})
