"""What the legacy Number Administration API refuses, by its codes of five digits.

Sinch API: errors (legacy Number Administration API).
"""

from simulator.errors import ApiError

_NOT_A_NUMBER = "The 'number' specified is not a valid number."


def refusal(error_code: int, message: str) -> ApiError:
    """The error with that code, whose first three digits are the HTTP status."""
    return ApiError(error_code // 100, message, error_code=error_code)


def invalid_type(given: str) -> ApiError:
    """40001 for a capability that there is not."""
    return refusal(40001, f"Invalid number type: {given}.  Type must be one of: sms, voice.")


def missing(message: str) -> ApiError:
    """40002: the request lacks something."""
    return refusal(40002, message)


def invalid_request(message: str) -> ApiError:
    """40003: a request that makes no sense."""
    return refusal(40003, message)


def not_a_number() -> ApiError:
    """40003 for what is no number of the account."""
    return invalid_request(_NOT_A_NUMBER)


def not_the_owner(organisation_id: str) -> ApiError:
    """40300 for somebody else's organisation."""
    return refusal(40300, f"The current user is not the owner of the organisation: {organisation_id}")


def wrong_scheme(required: str) -> ApiError:
    """40301 for a request that is authorised in another way than it must be."""
    return refusal(40301, f"The authorization scheme '{required}' is required.")
