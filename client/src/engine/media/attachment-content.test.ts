import { anything, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMxc } from '../matrix/mxc.ts';
import { attachmentOf } from './attachment-content.ts';
import { mediaSources, type MediaReference } from './media-sources.ts';

const key = (k: string): object => ({ kty: 'oct', alg: 'A256CTR', ext: true, k, key_ops: ['encrypt', 'decrypt'] });

const encryptedFile = (id: string, k = 'a'.repeat(43)): Record<string, unknown> => ({
  url: `mxc://land.hessen.test/${id}`,
  v: 'v2',
  key: key(k),
  iv: 'w+sE15fzSc0AAAAAAAAAAA',
  hashes: { sha256: 'fdSLu/YkRx3Wyh3KQabP3rd6+SFiKg5lsJZQHtkSAYA' },
});

const photo = {
  msgtype: 'm.image',
  body: 'Lage am Deich',
  filename: 'IMG_1.jpg',
  file: encryptedFile('Photo1'),
  info: {
    mimetype: 'image/jpeg',
    size: 120_000,
    w: 2560,
    h: 1920,
    'xyz.amorgan.blurhash': 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    thumbnail_file: encryptedFile('Thumb1'),
  },
};

const simpleName = ({ mxc }: MediaReference): string => `${mxc.serverName}/${mxc.mediaId}`;

describe('attachmentOf', () => {
  it('reads an encrypted picture with caption and thumbnail', () => {
    expect(attachmentOf(photo, simpleName)).toEqual({
      kind: 'image',
      caption: 'Lage am Deich',
      attachment: {
        name: 'IMG_1.jpg',
        mimeType: 'image/jpeg',
        bytes: 120_000,
        source: 'land.hessen.test/Photo1',
        width: 2560,
        height: 1920,
        blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
        thumbnail: 'land.hessen.test/Thumb1',
      },
    });
  });

  it('hands over the whole of what decryption needs', () => {
    const references: MediaReference[] = [];
    attachmentOf(photo, (reference) => {
      references.push(reference);
      return simpleName(reference);
    });
    const { url, ...encryption } = encryptedFile('Photo1');
    expect(references.map(({ mxc }) => formatMxc(mxc))).toContain(url);
    expect(references[0]?.encryption).toEqual(encryption);
  });

  it('reads a file of an unencrypted room, whose body is its name', () => {
    const content = { msgtype: 'm.file', body: 'Plan.pdf', url: 'mxc://land.hessen.test/Plan', info: { size: 7 } };
    expect(attachmentOf(content, simpleName)).toMatchObject({
      kind: 'file',
      caption: null,
      attachment: { name: 'Plan.pdf', mimeType: 'application/octet-stream', bytes: 7, width: null, thumbnail: null },
    });
  });

  it.each(['image/svg+xml', 'text/html', 'image/jpeg; x', 'IMAGE/PNG', '', 7])(
    'shows no picture of the claimed type %j',
    (mimetype) => {
      const content = { ...photo, info: { ...photo.info, mimetype } };
      expect(attachmentOf(content, simpleName)?.kind).toBe('file');
    },
  );

  it.each([
    { w: -1, h: 5 },
    { w: 1e9, h: 5 },
    { w: 1.5, h: 5 },
    { w: '100', h: 100 },
    { w: 100 },
    { w: null, h: null },
  ])('gives a picture without believable edges %j none', (edges) => {
    const content = { ...photo, info: { mimetype: 'image/png', ...edges } };
    expect(attachmentOf(content, simpleName)?.attachment).toMatchObject({ width: null, height: null });
  });

  it.each([
    { ...encryptedFile('x'), url: 'mxc://land.hessen.test/../../_synapse/admin' },
    { ...encryptedFile('x'), url: 'https://elsewhere.test/x' },
    { ...encryptedFile('x'), v: 'v1' },
    { ...encryptedFile('x'), key: { ...key('short') } },
    { ...encryptedFile('x'), key: { ...key('a'.repeat(43)), alg: 'A128CTR' } },
    { ...encryptedFile('x'), iv: '' },
    { ...encryptedFile('x'), hashes: {} },
    [],
    null,
  ])('fetches nothing for the file %j', (file) => {
    expect(attachmentOf({ ...photo, file }, simpleName)?.attachment).toMatchObject({ name: 'IMG_1.jpg', source: null });
  });

  it.each([{ msgtype: 'm.text', body: 'x' }, { msgtype: 'm.image' }, {}, null, 'm.image'])(
    'takes %j for no attachment',
    (content) => {
      expect(attachmentOf(content, simpleName)).toBeNull();
    },
  );

  it('keeps the picture of a message whose thumbnail is none', () => {
    const content = { ...photo, info: { ...photo.info, thumbnail_file: { url: 'mxc://x' } } };
    expect(attachmentOf(content, simpleName)?.attachment).toMatchObject({ thumbnail: null, width: 2560 });
  });

  it('cleans the name of what could hide its kind', () => {
    const content = { ...photo, filename: 'rechnung\u202egpj.exe' };
    expect(attachmentOf(content, simpleName)?.attachment.name).toBe('rechnunggpj.exe');
  });

  it('never throws, and names only valid addresses, whatever a member sends', () => {
    const hostile = record(
      {
        msgtype: constantFrom('m.image', 'm.file', 'm.video', 'm.text'),
        body: anything(),
        filename: anything(),
        url: anything(),
        file: anything(),
        info: anything(),
      },
      { requiredKeys: [] },
    );
    const named = (reference: MediaReference): string => {
      expect(formatMxc(reference.mxc)).toMatch(/^mxc:\/\/[a-z0-9.-]+\/[\w-]+$/);
      return simpleName(reference);
    };
    assert(property(hostile, (content) => void attachmentOf({ ...photo, ...content }, named)));
    assert(property(anything(), (content) => void attachmentOf(content, named)));
  });
});

describe('mediaSources', () => {
  const reference = (k: string): MediaReference => {
    const references: MediaReference[] = [];
    const content = { msgtype: 'm.file', body: 'x', file: encryptedFile('Same', k) };
    attachmentOf(content, (found) => String(references.push(found)));
    if (!references[0]) throw new Error('no reference');
    return references[0];
  };

  it('keeps a file readable that another message names with a wrong key', () => {
    const sources = mediaSources();
    const right = sources.nameOf(reference('a'.repeat(43)));
    const wrong = sources.nameOf(reference('b'.repeat(43)));
    expect(wrong).not.toBe(right);
    expect(sources.find(right)?.encryption?.key).toEqual(key('a'.repeat(43)));
    expect(sources.nameOf(reference('a'.repeat(43)))).toBe(right);
  });

  it('waits for a name until it is there or nobody waits any more', async () => {
    const sources = mediaSources();
    const waiting = sources.wait('land.hessen.test/Same', new AbortController().signal);
    sources.nameOf(reference('a'.repeat(43)));
    expect((await waiting)?.mxc.mediaId).toBe('Same');
    expect(await sources.wait('land.hessen.test/Other', AbortSignal.abort())).toBeNull();
  });
});
