import Hash from '@lucide/svelte/icons/hash';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Radar from '@lucide/svelte/icons/radar';
import Users from '@lucide/svelte/icons/users';
import type { RoomOrigin } from '#contract/event-content.ts';

/** The sign of a room's class. */
export function roomIcon(roomClass: RoomOrigin['class'] | null): typeof Hash {
  switch (roomClass) {
    case 'dienststelle':
    case 'verteiler':
      return Megaphone;
    case 'gemeinsam':
    case 'gruppe':
      return Users;
    case 'lage':
      return Radar;
    default:
      return Hash;
  }
}
