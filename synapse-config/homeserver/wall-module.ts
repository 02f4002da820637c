/** What homeserver and appservice agree on about the wall inside the homeserver (docs/adr/0019, synapse-config/modules). */

export const wallModule = 'landbote_wall.Wall';
/** Below the policy's address: where the module reports what it refused. */
export const reportsPath = '/refusals';
