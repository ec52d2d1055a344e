"""The bases of every value that crosses a process border: tolerant of fields they do not know."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen value. Fields are only ever added, always with a default, so that old histories stay readable."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class State(BaseModel):
    """What one workflow run knows and hands to the next run; the only models that change in place."""

    model_config = ConfigDict(extra="ignore")
