/** Who is declared on the two sides of the tests' agreements. */
import { serverNameSchema, userIdSchema, type ServerName, type UserId } from '#contract/ids.ts';

export const land = serverNameSchema.parse('land.hessen.test');
export const police = serverNameSchema.parse('polizei.hessen.test');

const personOf = (name: string, server: ServerName): UserId => userIdSchema.parse(`@${name}:${server}`);
export const proposer = personOf('petra.vorschlag', land);
export const landApprover = personOf('andreas.freigabe', land);
export const clerk = personOf('sabine.lage', land);
export const outsideClerk = personOf('ole.ohne', land);
export const firstOfficer = personOf('bernd.leitung', police);
export const secondOfficer = personOf('carla.leitung', police);
export const patrol = personOf('dirk.streife', police);
export const otherPatrol = personOf('eva.streife', police);

export const landBody = `
id: stab
short: Stab
name: Krisenstab
server: land.hessen.test
units: [{ id: lage, name: Lage }]
people:
  - { id: petra.vorschlag, name: Petra Vorschlag, roles: [provisioner, auditor] }
  - { id: andreas.freigabe, name: Andreas Freigabe, roles: [approver] }
  - { id: sabine.lage, name: Sabine Lage, unit: lage }
  - { id: ole.ohne, name: Ole Ohne }
announcers: [{ person: petra.vorschlag }]
`;
export const policeBody = `
id: praesidium
short: PP
name: Polizeipräsidium
server: polizei.hessen.test
units: [{ id: streife, name: Streife }]
people:
  - { id: bernd.leitung, name: Bernd Leitung, roles: [approver, provisioner, auditor] }
  - { id: carla.leitung, name: Carla Leitung, roles: [approver] }
  - { id: dirk.streife, name: Dirk Streife, unit: streife }
  - { id: eva.streife, name: Eva Streife }
announcers: [{ person: bernd.leitung }]
`;
