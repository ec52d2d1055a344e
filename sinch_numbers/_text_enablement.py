"""The one request body behind text-enabling numbers, qualified or not.

Sinch API: `TextEnableNumbersRequest`.
"""

import logging

from sinch_numbers._checks import check_text_enablement
from sinch_numbers._models._base import RegionCode
from sinch_numbers._models._text_enablement import TextEnableNumbersRequest
from sinch_numbers._transport import ApiRequest

_logger = logging.getLogger(__name__)


def text_enablement(request: TextEnableNumbersRequest, *, operation: str, path: str) -> ApiRequest:
    """The checked API request. Raises InvalidRequest.

    A US request without campaign is sent with a warning: the schema allows it, but no SMS will go out to US
    recipients from a local number without one.
    """
    check_text_enablement(request, operation=operation)
    if request.region_code is RegionCode.US and request.campaign_id is None:
        _logger.warning("%s for %s: US numbers without a 10DLC campaign", operation, request.display_name or "an order")
    return ApiRequest(operation, "POST", path, body=request.wire_body(), subject=request.display_name)
