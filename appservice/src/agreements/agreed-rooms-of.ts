import type { Inventory } from '#appservice/apply/inventory.ts';
import { agreementAddress, type AgreedRoom } from '../reconciler/agreed-rooms.ts';
import { participantsOf, type Agreement } from './agreement.ts';

/** The rooms that this side leads: with their people while open, and kept empty for good once they are over. */
export function agreedRoomsOf(agreements: readonly Agreement[], inventory: Inventory, now: number): AgreedRoom[] {
  return agreements.flatMap((agreement) => {
    if (agreement.role !== 'owner') return [];
    const { id, name, purpose, endsAt } = agreement.terms;
    const { ownerPeople: members, partnerPeople: outsiders } = participantsOf(agreement, now);
    const isWanted = members.length > 0 || inventory.has(agreementAddress(id));
    return isWanted ? [{ id, name, purpose, endsAt, members, outsiders }] : [];
  });
}
