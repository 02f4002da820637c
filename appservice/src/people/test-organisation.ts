import { z } from 'zod';
import { serverNameSchema, userIdSchema } from '#contract/ids.ts';
import { bodyFileSchema, type Organisation } from '#contract/organisation.ts';
import type { RoomClass } from '#contract/room-class.ts';

export const serverName = serverNameSchema.parse('land.hessen.test');
export const schoolServerName = serverNameSchema.parse('schule.hessen.test');

export const jana = userIdSchema.parse('@jana.mueller:land.hessen.test');
export const uwe = userIdSchema.parse('@uwe.adler:land.hessen.test');
export const teacher = userIdSchema.parse('@tom.lehrer:schule.hessen.test');
/** Has an account, but is not declared. */
export const departed = userIdSchema.parse('@weg.gezogen:land.hessen.test');
/** Belongs to another trust domain. */
export const officer = userIdSchema.parse('@pia.streife:polizei.hessen.test');

const bodies = z.array(bodyFileSchema).parse([
  {
    id: 'hmdf',
    short: 'HMdF',
    name: 'Hessisches Ministerium der Finanzen',
    server: serverName,
    announcers: [{ body: 'hmdf' }],
    people: [
      { id: 'jana.mueller', name: 'Jana Müller' },
      { id: 'uwe.adler', name: 'Uwe Adler', roles: ['approver'] },
    ],
  },
  {
    id: 'grundschule',
    short: 'GS Eichwald',
    name: 'Grundschule Eichwald',
    server: schoolServerName,
    announcers: [{ body: 'grundschule' }],
    people: [{ id: 'tom.lehrer', name: 'Tom Lehrer' }],
  },
]);

const roomClass: RoomClass = {
  title: 'Raum',
  purpose: 'Zum Schreiben.',
  federation: 'own',
  historyVisibility: 'invited',
  posting: 'everyone',
  retentionDays: 90,
};

/** A trust domain of two servers with one body each. */
export const organisation: Organisation = {
  domain: {
    id: 'land',
    name: 'Land Hessen',
    theme: 'land',
    servers: [
      { name: serverName, operator: 'HZD', location: 'auf dem Landesserver der HZD' },
      { name: schoolServerName, operator: 'HZD', location: 'auf dem Schulserver der HZD' },
    ],
  },
  roomClasses: {
    dienststelle: roomClass,
    einheit: roomClass,
    gemeinsam: roomClass,
    gruppe: roomClass,
    direkt: roomClass,
    lage: roomClass,
    verteiler: roomClass,
    verbund: roomClass,
    liaison: roomClass,
    extern: roomClass,
  },
  bodies,
};
