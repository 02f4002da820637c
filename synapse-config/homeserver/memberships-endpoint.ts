/** What homeserver and appservice agree on about many memberships at once (docs/adr/0016, synapse-config/modules). */

export const membershipsPath = '/_landbote/v1/memberships';
export const membershipsModule = 'landbote_memberships.MembershipsEndpoint';

/** Registration whose user creates rooms and invites. */
export const provisionerId = 'landbote-provisioner';
/** Registration whose namespace says who may be joined. */
export const peopleId = 'landbote-people';
