import { expect, test } from 'vitest';
import { auditCsvOf } from './audit-csv.ts';

const row = {
  sequence: 1,
  at: '2026-11-23T12:00:00.000Z',
  actor: 'files',
  action: 'wall.refused',
  subject: 'room/hmdi',
  detail: { reason: 'a "quoted" reason' },
  previousHash: '00',
  hash: 'ff',
};

test('a row is one line of quoted cells below the header', () => {
  expect(auditCsvOf([row])).toBe(
    '"sequence","at","actor","action","subject","detail","previousHash","hash"\r\n' +
      '"1","2026-11-23T12:00:00.000Z","files","wall.refused","room/hmdi","{""reason"":""a \\""quoted\\"" reason""}","00","ff"\r\n',
  );
});

test.each(['=HYPERLINK("https://evil.test")', '+1', '-1', '@anna:land.hessen.test', '\t=1', '\r=1'])(
  'a spreadsheet takes %j for text',
  (subject) => {
    expect(auditCsvOf([{ ...row, subject }])).toContain(`"'${subject.replaceAll('"', '""')}"`);
  },
);
