"""Bodies of the control API, and what is wrong with one that does not fit."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from simulator.errors import FieldViolation, invalid

AnyBody = TypeVar("AnyBody", bound=BaseModel)


async def read_body(kind: type[AnyBody], request: Request) -> AnyBody:
    """The body of a control request; raises ApiError 400 that names every field at fault."""
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        problems = [
            FieldViolation(".".join(map(str, problem["loc"])) or "body", problem["msg"]) for problem in error.errors()
        ]
        raise invalid(*problems) from None
