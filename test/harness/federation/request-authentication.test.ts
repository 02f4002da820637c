import { describe, expect, test } from 'vitest';
import type { Signer } from './event.ts';
import { claimedOrigin, xMatrixHeader } from './request-authentication.ts';

const origin: Signer = {
  serverName: 'domain',
  key: { id: 'ed25519:1', seed: Buffer.from('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1', 'base64') },
};

describe('an X-Matrix header', () => {
  // Signatures computed by signedjson 1.1.4, which Synapse verifies with.
  test('signs method, address and both names of a GET', () => {
    const uri = '/_matrix/federation/v1/state_ids/!r?event_id=$e';
    expect(xMatrixHeader({ method: 'GET', uri, destination: 'land.hessen.test' }, origin)).toBe(
      'X-Matrix origin="domain",destination="land.hessen.test",key="ed25519:1",' +
        'sig="xkO5l2+xr2OwmFWb5ASPea1eV7krGyzO/uCFGLlqCeXPftTAoIelZHkjdcu/Rbq6UXTgB3yq4yotxMuF840uDQ"',
    );
  });

  test('signs the body of a PUT too', () => {
    const content = { pdus: [], edus: [{ edu_type: 'm.typing' }] };
    const uri = '/_matrix/federation/v1/send/1';
    expect(xMatrixHeader({ method: 'PUT', uri, destination: 'land.hessen.test', content }, origin)).toContain(
      'sig="vg0mzqq68BYacGXutuQTYN4pl6+6VBoJX7yI9/xajhEMPVzB3ebEkYSN+oDyK5sKB2B0KIyUefRrBEpMJwpyCw"',
    );
  });

  test('names the origin that a receiver reads from it', () => {
    const header = xMatrixHeader({ method: 'GET', uri: '/', destination: 'land.hessen.test' }, origin);
    expect(claimedOrigin(header)).toBe('domain');
    expect(claimedOrigin('Bearer token')).toBeNull();
  });
});
