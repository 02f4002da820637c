/** The measured account: which rooms it has, and what was said in them. Nothing in it depends on chance. */

export interface AccountSize {
  readonly rooms: number;
  readonly spaces: number;
  /** Messages of the one long room. */
  readonly longRoomMessages: number;
}

export interface PlannedRoom {
  readonly name: string;
  /** Index of its space; null for every tenth room, which stands outside of all. */
  readonly space: number | null;
  readonly isEncrypted: boolean;
  /** Whether the second person is in it, too. */
  readonly isShared: boolean;
  readonly messages: number;
}

const sharedRooms = 70;
const encryptedRooms = 30;
/** The share of rooms in which more was said than in the others. */
const livelyShare = 0.45;

export const longRoomName = 'Langer Raum';

/** The long room first, then the encrypted ones, which nobody wrote in, then those with 20 and with 5 messages. */
export function planRooms({ rooms, spaces, longRoomMessages }: AccountSize): PlannedRoom[] {
  return Array.from({ length: rooms }, (_, index) => ({
    name: index === 0 ? longRoomName : roomName(index),
    space: index % 10 === 9 ? null : Math.floor((index * spaces) / rooms),
    isEncrypted: isEncrypted(index),
    isShared: index < sharedRooms,
    messages: messagesOf(index, rooms, longRoomMessages),
  }));
}

export function spaceName(index: number): string {
  return `Bereich ${String(index + 1).padStart(2, '0')}`;
}

function messagesOf(index: number, rooms: number, longRoomMessages: number): number {
  if (index === 0) return longRoomMessages;
  if (isEncrypted(index)) return 0;
  return index <= encryptedRooms + rooms * livelyShare ? 20 : 5;
}

function isEncrypted(index: number): boolean {
  return index > 0 && index <= encryptedRooms;
}

function roomName(index: number): string {
  return `${isEncrypted(index) ? 'Verschlüsselt' : 'Raum'} ${String(index).padStart(4, '0')}`;
}

/** Text of a message, unique in its room; padded, so that none is the beginning of another. */
export function messageText(room: PlannedRoom, number: number): string {
  return `Nachricht ${String(number).padStart(5, '0')} in ${room.name}: die Lage ist unverändert.`;
}
