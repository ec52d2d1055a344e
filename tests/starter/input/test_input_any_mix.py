"""Any mix of numbers: no row is lost, none gets terms that are not its own, no group is larger than it may be."""

from dataclasses import dataclass
from itertools import chain, repeat
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.document_store import DocumentStore
from onboarding.batch import GROUP_SIZE, Batch, BlanketLoa, GroupSlice, LoaParty, Manifest, NumberType
from starter.batches import store_manifest
from starter.input import BatchInput
from tests.starter.input.batch_folder import mixed_folder

PLAN, CAMPAIGN, ACCOUNT_NNID = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA", "104029"


@dataclass(frozen=True)
class Row:
    """A row of a numbers file but for its number, and what its order has to say."""

    number_type: NumberType
    own_region: str
    region: str
    service_plan_id: str
    campaign_id: str
    nnid: str
    loa: str

    def numbered(self, position: int) -> str:
        """A number of this kind."""
        if self.number_type is NumberType.TOLL_FREE:
            return f"+1833{2_000_000 + position}"
        return f"+1{'416' if self.own_region == 'CA' else '212'}{2_000_000 + position}"

    def line(self, position: int) -> str:
        """The row as written."""
        cells = (self.region, self.service_plan_id, self.campaign_id, self.nnid, self.loa)
        return ",".join([self.numbered(position), *cells])

    def is_kept_by(self, batch: Batch) -> bool:
        """Whether a number of this row is ordered as it says."""
        is_local = self.number_type is NumberType.LOCAL
        return (
            (batch.region, batch.number_type) == (self.own_region, self.number_type)
            and batch.service_plan_id == (self.service_plan_id or PLAN)
            and batch.campaign_id == ((self.campaign_id or CAMPAIGN) if is_local and self.own_region == "US" else None)
            and batch.nnid == ((self.nnid or ACCOUNT_NNID) if is_local else None)
            and signed_by(batch) == {"": "avery.jordan", "toronto": "noor.tremblay", "standing": ""}[self.loa]
        )


def signed_by(batch: Batch) -> str:
    if isinstance(batch.loa, BlanketLoa):
        return ""
    assert isinstance(batch.loa, LoaParty)
    return batch.loa.authorised_person.email.removesuffix("@example.com")


def rows() -> st.SearchStrategy[Row]:
    def of_kind(number_type: NumberType, own_region: str) -> st.SearchStrategy[Row]:
        is_local = number_type is NumberType.LOCAL
        return st.builds(
            Row,
            st.just(number_type),
            st.just(own_region),
            st.sampled_from(["", own_region]),
            st.sampled_from(["", "plan-2"]),
            st.sampled_from(["", "C7P2QRS"] if is_local and own_region == "US" else [""]),
            st.sampled_from(["", "104030"] if is_local else [""]),
            st.sampled_from(["", "toronto", "standing"] if is_local else ["", "toronto"]),
        )

    return st.one_of(
        of_kind(NumberType.LOCAL, "US"), of_kind(NumberType.LOCAL, "CA"), of_kind(NumberType.TOLL_FREE, "US")
    )


@settings(max_examples=30, deadline=None)
@given(
    kinds=st.lists(st.tuples(rows(), st.one_of(st.integers(1, 5), st.just(501))), min_size=1, max_size=5),
    shuffled=st.randoms(use_true_random=False),
)
async def test_every_row_is_in_one_slice_under_its_own_terms_and_in_file_order(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[tuple[Row, int]], shuffled: Random
) -> None:
    written = list(chain.from_iterable(repeat(row, count) for row, count in kinds))
    shuffled.shuffle(written)
    folder = mixed_folder(tmp_path_factory.mktemp("mixed"))
    folder.change('verification = "', f'nnid = "{ACCOUNT_NNID}"\nverification = "')
    lines = [row.line(position) for position, row in enumerate(written)]
    folder.numbers("phone_number,region,service_plan_id,campaign_id,nnid,loa", *lines)

    batch, slices = await stored(folder.read(), DocumentStore(str(folder.path / "store")))

    position_of = {row.numbered(position): position for position, row in enumerate(written)}
    positions = [[position_of[number] for number in part.numbers] for part in slices]
    assert sorted(chain.from_iterable(positions)) == list(range(len(written)))
    assert [part.sequence for part in slices] == list(range(1, len(slices) + 1))
    for part, in_part in zip(slices, positions, strict=True):
        assert 1 <= len(in_part) <= GROUP_SIZE
        assert in_part == sorted(in_part)
        assert all(written[position].is_kept_by(batch.under(part.terms)) for position in in_part)
    distinct = {batch.under(part.terms).model_dump_json() for part in slices}
    full = sum(len(part.numbers) == GROUP_SIZE for part in slices)
    assert len(slices) - full <= len(distinct), "only the last slice of a part may have room"


async def stored(read: BatchInput, store: DocumentStore) -> tuple[Batch, list[GroupSlice]]:
    """The batch and its slices as the command leaves them in the document store."""
    manifest = Manifest.model_validate_json(await store.read(await store_manifest(store, read)))
    return manifest.batch, [GroupSlice.model_validate_json(await store.read(file)) for file in manifest.slices]
