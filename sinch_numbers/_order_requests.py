"""From the order that a caller asks for to the request that creates it.

Sinch API: Hosting Orders; text enabling of Qualified Numbers.
"""

import logging
from dataclasses import replace

from sinch_numbers._checks import check_order
from sinch_numbers._models._base import RegionCode
from sinch_numbers._models._order_requests import (
    HostingOrderRequest,
    TextEnableNumbersRequest,
    TextEnableTollFreeNumbersRequest,
)
from sinch_numbers._settings import ClientSettings
from sinch_numbers._transport import ApiRequest

_logger = logging.getLogger(__name__)


def order_request(request: HostingOrderRequest, *, operation: str, path: str, settings: ClientSettings) -> ApiRequest:
    """The checked API request. Raises InvalidRequest."""
    check_order(request, operation=operation, settings=settings)
    return ApiRequest(operation, "POST", path, body=request.wire_body(), subject=request.display_name)


def text_enablement(
    request: TextEnableNumbersRequest, *, operation: str, path: str, settings: ClientSettings
) -> ApiRequest:
    """The checked API request. Raises InvalidRequest.

    A US request without campaign is sent with a warning: the schema allows it, but no SMS will go out to US
    recipients from a local number without one.
    """
    checked = order_request(request, operation=operation, path=path, settings=settings)
    if request.region_code is RegionCode.US and request.campaign_id is None:
        _logger.warning("%s for %s: US numbers without a 10DLC campaign", operation, request.display_name or "an order")
    return checked


def toll_free_text_enablement(
    request: TextEnableTollFreeNumbersRequest, *, operation: str, path: str, settings: ClientSettings, project_id: str
) -> ApiRequest:
    """The checked API request, with the project id that its schema wants in the body too. Raises InvalidRequest."""
    checked = order_request(request, operation=operation, path=path, settings=settings)
    return replace(checked, body={"projectId": project_id, **request.wire_body()})
