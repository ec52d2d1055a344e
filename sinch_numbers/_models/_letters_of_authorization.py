"""The three ways to authorise Sinch to change the messaging routing of a number.

Every member is required when a letter is sent; the client names the blank ones in one `InvalidRequest`. `Address`
and `AuthorizedPerson` are also read back from orders, where Sinch leaves blank members out, hence the defaults.

Sinch API: `DirectLoaInfo`, `ResellerLoaInfo`, `BlanketLoaInfo`.
"""

from sinch_numbers._models._base import ApiModel


class AuthorizedPerson(ApiModel):
    """Who signs the Letter of Authorization (LOA). Sinch mails it to `email` and never resends it."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""


class Address(ApiModel):
    """Service address of the numbers as their present carrier has it."""

    building_number: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


class DirectLoaInfo(ApiModel):
    """The owner of the numbers is Sinch's own customer."""

    authorised_person: AuthorizedPerson
    address: Address
    current_voice_carrier: str


class ResellerLoaInfo(ApiModel):
    """The owner of the numbers is a customer of Sinch's customer."""

    business_name: str
    authorised_person: AuthorizedPerson
    address: Address
    current_voice_carrier: str


class BlanketLoaInfo(ApiModel):
    """A standing authorisation agreed with the account manager: nothing to fill in, nothing to sign."""
