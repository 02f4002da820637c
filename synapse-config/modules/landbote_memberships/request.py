# SPDX-License-Identifier: AGPL-3.0-or-later
"""What callers send, read once and by a schema. Every problem is reported, not only the first."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from synapse.api.errors import Codes, SynapseError
from synapse.types import RoomID, UserID

PEOPLE_MAX = 500
"""Of one request: more would hold the room's lock for longer than anybody wants to wait."""


def _user_id(text: str) -> str:
    if not UserID.is_valid(text):
        raise ValueError("expected a user id")
    return text


def _room_id(text: str) -> str:
    if not RoomID.is_valid(text):
        raise ValueError("expected a room id")
    return text


class MembershipsRequest(BaseModel):
    """Body of `POST /_landbote/v1/memberships`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    room_id: Annotated[str, AfterValidator(_room_id)]
    people: Annotated[
        list[Annotated[str, AfterValidator(_user_id)]], Field(min_length=1, max_length=PEOPLE_MAX)
    ]


def parse_request(body: bytes) -> MembershipsRequest:
    """Raises SynapseError 400 that names every problem by its place."""
    try:
        return MembershipsRequest.model_validate_json(body)
    except ValidationError as error:
        problems = [
            {"path": ".".join(map(str, problem["loc"])), "message": problem["msg"]}
            for problem in error.errors()
        ]
        raise SynapseError(
            400, "The request has problems.", Codes.BAD_JSON, additional_fields={"problems": problems}
        ) from None
