import type { Organisation } from '#contract/organisation.ts';
import { createPlaceFinder } from '../authority/place-of-address.ts';
import type { Place } from '../authority/place.ts';
import { parseAddress } from '../reconciler/addresses.ts';

/** Where a declared room stands; null for spaces, chats and rooms that are no longer declared. */
export function placeOfRoom(address: string, organisation: Organisation): Place | null {
  return parseAddress(address)?.kind === 'room' ? createPlaceFinder(organisation)(address) : null;
}
