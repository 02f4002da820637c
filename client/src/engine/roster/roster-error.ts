/** Nothing is encrypted for a room of which nobody of ours has said who belongs to it. */
export class RosterError extends Error {}
