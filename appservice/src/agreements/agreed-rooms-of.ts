import type { Inventory } from '#appservice/apply/inventory.ts';
import { agreementAddress, type AgreedRoom } from '../reconciler/agreed-rooms.ts';
import { partnerPeopleOf, phaseOf, type Agreement } from './agreement.ts';

/** The rooms that this side leads: with their people while open, and kept empty for good once they are over. */
export function agreedRoomsOf(agreements: readonly Agreement[], inventory: Inventory, now: number): AgreedRoom[] {
  return agreements.flatMap((agreement) => {
    if (agreement.role !== 'owner') return [];
    const { id, name, purpose, ownerPeople } = agreement.terms;
    const isOpen = phaseOf(agreement, now) === 'open';
    if (!isOpen && !inventory.has(agreementAddress(id))) return [];
    const members = isOpen ? ownerPeople : [];
    const outsiders = isOpen ? (partnerPeopleOf(agreement) ?? []) : [];
    return [{ id, name, purpose, members, outsiders }];
  });
}
