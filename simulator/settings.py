"""What a simulator run can be told beforehand: identity, speed of time, how long things take, strictness."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from simulator.legacy_settings import LegacySettings

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR

LOCAL_PROJECT_ID = "11111111-2222-4333-8444-555555555555"
LOCAL_KEY_ID = "local-key-id"
LOCAL_KEY_SECRET = "local-key-secret"  # noqa: S105 - opens nothing but a simulator on this machine


class Range(BaseModel):
    """A span of virtual seconds that a duration is drawn from, both ends included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shortest: float = Field(ge=0)
    longest: float

    @model_validator(mode="after")
    def _ordered(self) -> "Range":
        if self.longest < self.shortest:
            raise ValueError(f"the longest duration {self.longest} is below the shortest {self.shortest}")
        return self


def hours(shortest: float, longest: float | None = None) -> Range:
    """A range given in virtual hours; one number means exactly that long."""
    return Range(shortest=shortest * HOUR, longest=(shortest if longest is None else longest) * HOUR)


class Durations(BaseModel):
    """How long Sinch, its people and its customers take, in virtual seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    eligibility_check: Range = hours(2, 6)
    invoice_review: Range = hours(24, 72)
    loa_generation: Range = hours(1)
    loa_signature: Range = hours(4, 30)
    slow_loa_signature: Range = hours(12 * 24)
    import_start: Range = hours(0.1, 0.5)
    osr_update: Range = hours(2, 8)
    platform_provisioning: Range = hours(0.5, 2)
    campaign_provisioning: Range = hours(2, 20)
    platform_deprovisioning: Range = hours(0.1, 0.5)
    campaign_deprovisioning: Range = hours(0.5, 2)
    provisioning_start: Range = hours(0.05, 0.2)
    voice_provisioning: Range = hours(0.1, 0.5)
    voice_deprovisioning: Range = hours(0.1, 0.5)
    voice_code_validity: float = Field(default=24 * HOUR, gt=0)
    callback_retry_pauses: tuple[Annotated[float, Field(gt=0)], ...] = (5 * MINUTE, HOUR)
    callback_reordering: Range = hours(1, 6)


class ProjectSettings(BaseModel):
    """A project and its one access key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project_id: str = Field(pattern=r"^[^/:\s]+$")
    key_id: str = Field(pattern=r"^[^:\s]+$")
    key_secret: SecretStr = Field(min_length=1)


class SimulatorSettings(BaseModel):
    """The settings of one simulator; every default is meant for play on one machine.

    ``seconds_per_day`` is the number of real seconds that one virtual day takes. A port of 0 means a free one.
    ``callback_connections`` is how many there may be to one host; ``callback_timeout`` is in real seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    project_id: str = LOCAL_PROJECT_ID
    key_id: str = LOCAL_KEY_ID
    key_secret: SecretStr = SecretStr(LOCAL_KEY_SECRET)
    further_projects: tuple[ProjectSettings, ...] = ()

    seconds_per_day: float = Field(default=DAY, gt=0)
    seed: int = 1
    durations: Durations = Durations()

    imported_port: int = Field(default=0, ge=0, le=65535)
    numbers_port: int = Field(default=0, ge=0, le=65535)
    oauth_port: int = Field(default=0, ge=0, le=65535)
    legacy_port: int = Field(default=0, ge=0, le=65535)
    control_port: int = Field(default=0, ge=0, le=65535)
    smtp_port: int = Field(default=0, ge=0, le=65535)

    legacy: LegacySettings = LegacySettings()

    orders_desk: str = "orders@sinch.com"
    nnid: str = "104029"
    wrong_codes_allowed: int = Field(default=3, ge=1)
    numbers_per_request: int = Field(default=500, ge=1)
    numbers_per_import_order: int = Field(default=5, ge=1)
    accepted_invoices_verify: bool = True
    hosting_needs_verification: bool = False
    imported_list_needs_filters: bool = False
    active_list_needs_filters: bool = False
    voice_unlink_event_says_to: bool = False
    order_info_under_both_names: bool = False
    hmac_secret_is_checked: bool = False
    callback_resource_is_order: bool = False
    callback_connections: int = Field(default=500, ge=1)
    callback_timeout: float = Field(default=5.0, gt=0)

    @property
    def projects(self) -> tuple[ProjectSettings, ...]:
        """Every project there is, the one of this model's own fields first."""
        own = ProjectSettings(project_id=self.project_id, key_id=self.key_id, key_secret=self.key_secret)
        return (own, *self.further_projects)

    @model_validator(mode="after")
    def _projects_differ(self) -> "SimulatorSettings":
        names = [project.project_id for project in self.projects]
        if len(set(names)) < len(names):
            raise ValueError(f"a project is given twice: {', '.join(names)}")
        return self
