"""The regions in which a project can rent numbers.

Sinch API: Available Regions of the Numbers API.
"""

from sinch_numbers._models._available_numbers import AvailableRegion, NumberType
from sinch_numbers._paging import Page
from sinch_numbers._transport import ApiRequest, Transport


class AvailableRegions:
    """`SinchNumbers.available_regions`. Every method raises SinchError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self, *types: NumberType) -> tuple[AvailableRegion, ...]:
        """All regions, or those with numbers of one of `types`. Sinch API: NumberService_ListAvailableRegions."""
        request = ApiRequest("available_regions.list", "GET", "availableRegions", {"types": types or None})
        return (await self._transport.call(request, Page[AvailableRegion])).items
