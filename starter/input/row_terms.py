"""The terms under which each number is ordered: its region and type, and else what its row or the batch file says.

What a number can have at all is in Sinch API: text enabling, toll-free text enabling. A campaign is for local numbers
of the US, and toll-free numbers are text-enabled in the US alone.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from onboarding.batch import NumberType, Terms
from starter.input.batch_file import ReadBatchFile
from starter.input.batch_keys import BatchFile
from starter.input.loa_tables import DEFAULT, PARTIES, UNNAMED
from starter.input.numbers_file import CAMPAIGN, LOA, NNID, PHONE_NUMBER, REGION, NumberRow, NumbersFile
from starter.input.problems import Problem, listed, nearest

TOLL_FREE_REGION = CAMPAIGN_REGION = "US"
_NO_PARTIES = f"an empty cell: the batch file has no table [{PARTIES}.<name>]"


class RowTerms(NamedTuple):
    """What the order of a row has to say; rows that agree in all of it go into the same orders."""

    region: str
    number_type: NumberType
    service_plan_id: str
    campaign_id: str | None
    nnid: str | None
    loa: str
    """Name of the LOA party."""

    def terms(self, file: BatchFile) -> Terms:
        """The same with the LOA party itself instead of its name."""
        return Terms.model_validate({**self._asdict(), "loa": file.loa_parties.get(self.loa, file.loa)})


def terms_of(row: NumberRow, file: BatchFile) -> RowTerms:
    """The terms of a row that has no problems: what it and the file say of its region agrees with its number."""
    region, is_toll_free = row.own_region or TOLL_FREE_REGION, row.own_region is None
    takes_campaign = region == CAMPAIGN_REGION and not is_toll_free
    return RowTerms(
        region=region,
        number_type=NumberType.TOLL_FREE if is_toll_free else NumberType.LOCAL,
        service_plan_id=row.service_plan_id or file.service_plan_id,
        campaign_id=(row.campaign_id or file.campaign_id) if takes_campaign else None,
        nnid=None if is_toll_free else row.nnid or file.nnid,
        loa=row.loa,
    )


def row_problems(batch: ReadBatchFile, numbers: NumbersFile) -> Iterator[Problem]:
    """Rows whose number cannot be ordered under the terms that the row and the batch file say."""
    parties = batch.loa_parties
    if parties is not None and UNNAMED not in parties and not any(row.loa for row in numbers.rows):
        yield batch.problem((DEFAULT,), f"the table [{DEFAULT}], as no number names one of [{PARTIES}]")
        parties = None
    for row in numbers.rows:
        for column, expected in (*_wrong_terms(row, batch.region), *_wrong_loa(row, parties)):
            value = row.number if column == PHONE_NUMBER else getattr(row, column)
            yield Problem(file=numbers.name, line=row.line, column=column, value=value, expected=expected)


def _wrong_terms(row: NumberRow, region_of_batch: str | None) -> Iterator[tuple[str, str]]:
    if row.own_region is None:
        region, why = TOLL_FREE_REGION, f"toll-free numbers are text-enabled in the {TOLL_FREE_REGION} alone"
        needless = (CAMPAIGN, row.campaign_id), (NNID, row.nnid)
        yield from ((column, "an empty cell: toll-free numbers take none") for column, cell in needless if cell)
    else:
        region, why = row.own_region, f"that is where {row.number} belongs"
        if region != CAMPAIGN_REGION and row.campaign_id:
            yield CAMPAIGN, f"an empty cell: campaigns are for numbers of the {CAMPAIGN_REGION}"
    if row.region and row.region != region:
        yield REGION, f"{region} or an empty cell: {why}"
    elif not row.region and region_of_batch not in (None, region):
        said = f"a number of region {region_of_batch}, as the batch file says"
        yield PHONE_NUMBER, f"{said}; leave region out there, or write {region} into a column region here"


def _wrong_loa(row: NumberRow, parties: Mapping[str, bool] | None) -> Iterator[tuple[str, str]]:
    if parties is None:
        return
    names = [name for name in parties if name != UNNAMED]
    if row.loa not in parties:
        meant = nearest(row.loa, names)
        suggestion = f"; did you mean {meant}?" if meant else ""
        yield LOA, (f"an LOA party of the batch file: {listed(names)}{suggestion}" if names else _NO_PARTIES)
    elif parties[row.loa] and row.own_region is None:
        yield LOA, "an LOA party that signs: toll-free numbers take no blanket LOA"
