# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts and profiles of many people in one query each, where Synapse's own methods ask once a person."""

from typing import Mapping, Optional, Sequence

import attr

from synapse.server import HomeServer
from synapse.types import JsonDict


@attr.s(auto_attribs=True, frozen=True)
class Account:
    is_deactivated: bool
    is_locked: bool
    is_suspended: bool


class Accounts:
    def __init__(self, hs: HomeServer) -> None:
        self._database = hs.get_datastores().main.db_pool

    async def read(self, people: Sequence[str]) -> Mapping[str, Account]:
        """By user id; whoever has no account is missing."""
        columns = ("name", "deactivated", "locked", "suspended")
        rows = await self._database.simple_select_many_batch("users", "name", people, columns, desc="landbote_accounts")
        # Each mark may be NULL, which means no.
        return {name: Account(*map(bool, marks)) for name, *marks in rows}

    async def read_profiles(self, people: Sequence[str]) -> Mapping[str, JsonDict]:
        """What a membership event tells of a person; whoever has no profile is missing."""
        columns = ("full_user_id", "displayname", "avatar_url")
        rows = await self._database.simple_select_many_batch(
            "profiles", "full_user_id", people, columns, desc="landbote_profiles"
        )
        return {person: _shown(displayname, avatar_url) for person, displayname, avatar_url in rows}


def _shown(displayname: Optional[str], avatar_url: Optional[str]) -> JsonDict:
    profile = {"displayname": displayname, "avatar_url": avatar_url}
    return {key: value for key, value in profile.items() if value is not None}
