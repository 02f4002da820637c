import { describe, expect, it } from 'vitest';
import { answerMedia } from '../engine/media/answer-media.ts';
import { MediaGoneError } from '../engine/media/load-media.ts';
import { mediaSources, type MediaReference } from '../engine/media/media-sources.ts';
import { parseMxc } from '../engine/matrix/mxc.ts';
import { mediaRequests } from './ask-engine.ts';
import type { Media } from './media-channel.ts';
import { mediaResponse } from './media-response.ts';

const mxc = parseMxc('mxc://land.hessen.test/Photo');
if (!mxc) throw new Error('no address');
const reference: MediaReference = { mxc, encryption: null, name: "Plan 'Süd'.png" };
const media: Media = { mimeType: 'image/png', isPicture: true, name: reference.name, bytes: new Uint8Array([1, 2]) };

describe('mediaRequests', () => {
  it('gets from an engine that begins later what was asked before', async () => {
    const asked = mediaRequests().ask('land.hessen.test/Photo');
    const sources = mediaSources();
    const end = answerMedia(sources, () => Promise.resolve(media));
    sources.nameOf(reference);
    expect(await asked).toEqual(media);
    end();
  });

  it('says why there is nothing', async () => {
    const sources = mediaSources();
    const source = sources.nameOf(reference);
    const end = answerMedia(sources, () => Promise.reject(new MediaGoneError('deleted')));
    expect(await mediaRequests().ask(source)).toBe('gone');
    end();
  });
});

describe('mediaResponse', () => {
  it('lets nothing run, whatever is shown', async () => {
    const response = mediaResponse(media);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': "inline; filename*=UTF-8''Plan%20%27S%C3%BCd%27.png",
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(media.bytes);
  });

  it('offers what is no picture for saving', () => {
    const document: Media = { ...media, mimeType: 'application/octet-stream', isPicture: false };
    expect(mediaResponse(document).headers.get('Content-Disposition')).toMatch(/^attachment;/);
  });

  it.each([
    ['gone', 404],
    ['unreachable', 503],
  ] as const)('answers %s with %i', (problem, status) => {
    expect(mediaResponse(problem).status).toBe(status);
  });
});
