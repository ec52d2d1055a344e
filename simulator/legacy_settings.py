"""What the hosts of the legacy Number Administration API can be told beforehand: accounts and lifetimes."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

LOCAL_ENDPOINT = "legacy@example.com"
LOCAL_PASSWORD = "local-password"  # noqa: S105 - opens nothing but a simulator on this machine
LOCAL_APPLICATION_KEY = "bb7b4e39-4227-4913-8c81-2db4abb54fb3"


class LegacyAccount(BaseModel):
    """An account that can log in, the organisation it owns with its credit (USD), and its applications."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity_type: str = "email"
    endpoint: str = LOCAL_ENDPOINT
    password: SecretStr = SecretStr(LOCAL_PASSWORD)
    organisation_id: int = 8888123
    organisation_name: str = "Acme"
    credit: Decimal = Decimal(1000)
    accounting: bool = True
    application_keys: tuple[str, ...] = (LOCAL_APPLICATION_KEY, "5e4f1a52-7f0c-4f1c-9a55-0a0d0b2f9c11")


class LegacySettings(BaseModel):
    """The accounts, and how long things last.

    ``instance_seconds`` and ``clock_tolerance_seconds`` are real ones, ``reservation_seconds`` virtual ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    accounts: tuple[LegacyAccount, ...] = (LegacyAccount(),)
    instance_seconds: int = Field(default=172800, gt=0)
    clock_tolerance_seconds: float = Field(default=300, gt=0)
    reservation_seconds: float = Field(default=900, gt=0)
