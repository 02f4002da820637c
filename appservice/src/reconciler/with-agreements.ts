import type { Organisation } from '#contract/organisation.ts';
import { computeAgreementRoom, outsideOf, type AgreedRoom } from './agreed-rooms.ts';
import type { DesiredState } from './desired-state.ts';

/** Adds the rooms of agreements to what the declaration wants. */
export function withAgreements(
  desired: DesiredState,
  agreements: readonly AgreedRoom[],
  organisation: Organisation,
): DesiredState {
  const rooms = agreements.map((agreement) => computeAgreementRoom(agreement, organisation, desired.serverName));
  return {
    ...desired,
    rooms: [...desired.rooms, ...rooms],
    agreed: new Map([...desired.agreed, ...rooms.map((room) => [room.address, outsideOf(room)] as const)]),
  };
}
