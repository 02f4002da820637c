import { anything, assert, boolean, constantFrom, nat, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../protocol.ts';
import { alertKey, alertOf, withAlert } from './alert-content.ts';

const block = {
  kind: 'wanted',
  urgency: 'alarm',
  reference: 'F-26-1187',
  place: 'Kassel, Königsplatz',
  valid_until: 1_795_881_600_000,
  acknowledgement_required: true,
};
const alert: Alert = {
  kind: 'wanted',
  urgency: 'alarm',
  reference: 'F-26-1187',
  place: 'Kassel, Königsplatz',
  validUntil: 1_795_881_600_000,
  mustAcknowledge: true,
};
const trimmed = (maxLength: number) => string({ maxLength }).map((words) => words.trim());
const alerts = record<Alert>({
  kind: constantFrom('wanted', 'missing', 'situation'),
  urgency: constantFrom('notice', 'urgent', 'alarm'),
  reference: trimmed(40),
  place: trimmed(120),
  validUntil: nat(Number.MAX_SAFE_INTEGER),
  mustAcknowledge: boolean(),
});

describe('an alert in the content of an event', () => {
  it('stands in one block beside the picture', () => {
    expect(withAlert({ msgtype: 'm.image' }, alert)).toEqual({ msgtype: 'm.image', [alertKey]: block });
    expect(alertOf({ msgtype: 'm.image', [alertKey]: block })).toEqual(alert);
  });

  it('is read as it was written', () => {
    assert(
      property(alerts, (any) => {
        expect(alertOf({ ...withAlert({}, any) })).toEqual(any);
      }),
    );
  });

  it('is none without the block', () => {
    expect(withAlert({ msgtype: 'm.image' }, null)).toEqual({ msgtype: 'm.image' });
    expect(alertOf({ msgtype: 'm.image' })).toBeNull();
  });

  it.each([
    ['a kind that there is not', { ...block, kind: 'party' }],
    ['an urgency that there is not', { ...block, urgency: 'high' }],
    ['no end', { ...block, valid_until: undefined }],
    ['an end that is no moment', { ...block, valid_until: 1.5 }],
    ['an end before all time', { ...block, valid_until: -1 }],
    ['a reference longer than any', { ...block, reference: 'F'.repeat(41) }],
    ['a place that is a list', { ...block, place: ['Kassel'] }],
    ['an acknowledgement that is neither', { ...block, acknowledgement_required: 'yes' }],
    ['a block that is text', 'alarm'],
  ])('is none with %s', (_what, broken) => {
    expect(alertOf({ [alertKey]: broken })).toBeNull();
  });

  it('never fails, whatever somebody sends', () => {
    assert(property(anything(), (anything) => void alertOf({ [alertKey]: anything })));
  });
});
