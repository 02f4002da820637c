# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of one person's membership."""

from typing import Union

import attr

from synapse.api.errors import Codes
from synapse.types import JsonDict


@attr.s(auto_attribs=True, frozen=True)
class Joined:
    """`already`: nothing had to be done."""

    already: bool

    def to_json(self) -> JsonDict:
        return {"outcome": "present" if self.already else "joined"}


@attr.s(auto_attribs=True, frozen=True)
class Refused:
    errcode: str
    reason: str

    def to_json(self) -> JsonDict:
        return {"outcome": "refused", "errcode": self.errcode, "error": self.reason}


Outcome = Union[Joined, Refused]

UNKNOWN_ACCOUNT = Refused(Codes.NOT_FOUND, "There is no such account.")
NOT_ONES_OWN = Refused(Codes.EXCLUSIVE, "This person is not the appservice's to join.")
DEACTIVATED = Refused(Codes.USER_DEACTIVATED, "The account is deactivated.")
LOCKED = Refused(Codes.USER_LOCKED, "The account is locked.")
SUSPENDED = Refused(Codes.USER_ACCOUNT_SUSPENDED, "The account is suspended.")
BANNED = Refused(Codes.BAD_STATE, "This person is banned from the room.")
INVITATIONS_BLOCKED = Refused(Codes.INVITE_BLOCKED, "This person takes no invitations from the bot.")
