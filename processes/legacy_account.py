"""The account of a profile for the legacy Number Administration API; most profiles have none."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, PositiveInt, SecretStr

from processes.settings import Filled, InvalidSettings
from sinch_numbers.legacy import LegacySettings, LogIn, NumberAdministration

_DEFAULTS = LegacySettings()


class LegacyAccount(BaseModel):
    """What it takes to log in there. Descriptions complete the sentence "Set it to ..."."""

    legacy_endpoint: Filled | None = Field(
        default=None, description="the e-mail address of the account at the legacy Number Administration API"
    )
    legacy_identity_type: Literal["email", "number"] = Field(
        default="email", description="`email`, or `number` where the account logs in by a phone number"
    )
    legacy_password: Annotated[SecretStr, Field(min_length=1)] | None = Field(
        default=None, description="the password of that account"
    )
    legacy_organisation_id: PositiveInt | None = Field(
        default=None, description="the organisation that rents, where it is not the one that Sinch names"
    )
    legacy_user_url: Filled = Field(default=_DEFAULTS.user_url, description="the address that takes log-ins")
    legacy_core_url: Filled = Field(default=_DEFAULTS.core_url, description="the address of instances")
    legacy_portal_url: Filled = Field(default=_DEFAULTS.portal_url, description="the address of numbers")
    legacy_signs_leading_slash: bool = Field(
        default=_DEFAULTS.signs_leading_slash, description="`true` to sign paths with their leading slash, or `false`"
    )

    def legacy_client(self, organisation_id: int | None = None) -> NumberAdministration:
        """A client of the account, with a connection pool and an instance of its own; close it after use.

        It rents for this organisation, without one for the profile's, and without that for the one Sinch names.
        Raises InvalidSettings when the profile has no such account.
        """
        if self.legacy_endpoint is None or self.legacy_password is None:
            raise InvalidSettings(
                "The profile has no account for the legacy Number Administration API. Set legacy_endpoint and "
                "legacy_password in its table, or ONBOARD_SINCH_LEGACY_ENDPOINT and ONBOARD_SINCH_LEGACY_PASSWORD."
            )
        return NumberAdministration(
            LogIn(self.legacy_endpoint, self.legacy_password, self.legacy_identity_type),
            organisation_id=organisation_id or self.legacy_organisation_id,
            settings=LegacySettings(
                user_url=self.legacy_user_url,
                core_url=self.legacy_core_url,
                portal_url=self.legacy_portal_url,
                signs_leading_slash=self.legacy_signs_leading_slash,
            ),
        )
