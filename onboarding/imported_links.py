"""What an imported number is linked to: a service plan and a campaign, as wanted and as Sinch shows it."""

from datetime import datetime
from enum import StrEnum

from onboarding.model import Model


class Service(StrEnum):
    """What a number is linked to."""

    SERVICE_PLAN = "service plan"
    CAMPAIGN = "campaign"


class Links(Model):
    """Ids of the service plan and the campaign; empty = linked to none, None = not of interest."""

    service_plan_id: str | None = None
    campaign_id: str | None = None

    def of(self, service: Service) -> str | None:
        """The id of one service."""
        return self.service_plan_id if service is Service.SERVICE_PLAN else self.campaign_id

    @property
    def named(self) -> tuple[Service, ...]:
        """The services that are of interest."""
        return tuple(service for service in Service if self.of(service) is not None)

    def __str__(self) -> str:
        """`service plan plan-1 and no campaign`."""
        shown = [f"{service} {self.of(service)}" if self.of(service) else f"no {service}" for service in self.named]
        return " and ".join(shown)


class LinkSeen(Model):
    """The link of a number and one service as Sinch shows it (Sinch API: `smsProvisioning`, `campaignProvisioning`)."""

    linked_id: str = ""
    """The service the number is linked to at present (Sinch API: `smsConfiguration`)."""
    service_id: str = ""
    operation: str = ""
    state: str = ""
    error_code: str = ""
    error_message: str = ""
    updated: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """True while the last link or unlink is at work."""
        return self.state in ("WAITING", "IN_PROGRESS")

    @property
    def is_being_unlinked(self) -> bool:
        """True until the unlinking is through."""
        return self.operation == "DEPROVISIONING" and self.is_under_way

    @property
    def is_being_linked(self) -> bool:
        """True until the linking is through."""
        return self.operation == "PROVISIONING" and self.is_under_way


class NumberLinksSeen(Model):
    """An imported number as it was read; where it is not imported, whether a hosting order holds it."""

    phone_number: str
    is_imported: bool = True
    is_in_hosting_order: bool = False
    service_plan: LinkSeen = LinkSeen()
    campaign: LinkSeen = LinkSeen()

    def of(self, service: Service) -> LinkSeen:
        """One link. A campaign that waits for a service plan that has failed is not at work, whatever it says."""
        if service is Service.SERVICE_PLAN:
            return self.service_plan
        stalled = self.service_plan.state == "FAILED" and self.campaign.state == "WAITING"
        return self.campaign.model_copy(update={"state": "FAILED"}) if stalled else self.campaign

    @property
    def is_at_rest(self) -> bool:
        """True where Sinch is neither linking nor unlinking the number."""
        return not any(self.of(service).is_under_way for service in Service)

    @property
    def links(self) -> Links:
        """What the number is linked to."""
        return Links(service_plan_id=self.service_plan.linked_id, campaign_id=self.campaign.linked_id)
