"""Where the three hosts of the legacy Number Administration API are, and what its documents leave open."""

from pydantic import BaseModel, ConfigDict

USER_URL = "https://userapi.sinch.com"
CORE_URL = "https://api.sinch.com"
PORTAL_URL = "https://portalapi.sinch.com"


class LegacySettings(BaseModel):
    """Addresses and switches of one client.

    user_url: the host that takes log-ins.
    core_url: the host of instances and organisations.
    portal_url: the host of numbers and applications.
    signs_leading_slash: signs the resource as `/v1/organisations` instead of `v1/organisations`. Sinch's samples of
        this API have no slash, its general rules have one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_url: str = USER_URL
    core_url: str = CORE_URL
    portal_url: str = PORTAL_URL
    signs_leading_slash: bool = False
