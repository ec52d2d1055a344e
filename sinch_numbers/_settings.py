"""What a client may be told: its limits, and what it does where Sinch's documents contradict each other.

The defaults are safe with everything that Sinch has published.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveFloat, PositiveInt

MAX_NUMBERS_PER_REQUEST = 500
MAX_NUMBERS_PER_IMPORT = 5


class FieldMaskParameter(StrEnum):
    """Query parameter that names the fields which an update changes, comma separated."""

    FIELD_MASK = "fieldMask"
    UPDATE_MASK = "updateMask"


class ClientSettings(BaseModel):
    """Limits and switches of one client.

    max_numbers_per_request: how many numbers the client sends in one request to qualify or to text-enable.
    max_numbers_per_import: the same for `hosting_orders.import_numbers`; an account manager at Sinch can raise it.
    requests_per_second: starts requests at least this far apart, in the order asked for; None does not wait. A
        request for an access token does not count.
    read_retries: how often a GET is sent again that failed for a moment: with 429, with 5xx, or by its connection. What
        takes many requests, as long lists do, would otherwise hardly ever come through a bad quarter of an hour.
        Nothing that changes anything is ever sent again.
    states_in_one_request: lists in several states are asked for at once, with `states` repeated, instead of one
        list a state. Sinch documents a single state.
    send_migrate_to_sinch_tmo: sends `migrateToSinchTmo` in every request in which Sinch's samples show it. Its
        schema takes it in `hosting_orders.import_numbers` alone; elsewhere the client refuses it otherwise.
    field_mask_parameter: sent with every update of an imported number. Sinch mentions a field mask in an error text
        but declares no parameter, so None sends none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_numbers_per_request: PositiveInt = MAX_NUMBERS_PER_REQUEST
    max_numbers_per_import: PositiveInt = MAX_NUMBERS_PER_IMPORT
    requests_per_second: PositiveFloat | None = None
    read_retries: NonNegativeInt = 0
    states_in_one_request: bool = False
    send_migrate_to_sinch_tmo: bool = False
    field_mask_parameter: FieldMaskParameter | None = None
