"""The base of every value that crosses a process border: frozen, tolerant of fields it does not know."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen value. Fields are only ever added, always with a default, so that old histories stay readable."""

    model_config = ConfigDict(frozen=True, extra="ignore")
