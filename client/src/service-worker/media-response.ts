import type { Media, MediaProblem } from './media-channel.ts';

const statusOf: Readonly<Record<MediaProblem, number>> = { gone: 404, unreachable: 503 };

/** Media in a form that cannot run anything on this origin, opened in a tab of its own included. */
export function mediaResponse(outcome: Media | MediaProblem): Response {
  if (typeof outcome === 'string') return new Response(null, { status: statusOf[outcome] });
  const { mimeType, isPicture, name, bytes } = outcome;
  return new Response(bytes, {
    headers: {
      'Content-Type': mimeType,
      'Content-Length': String(bytes.length),
      'Content-Disposition': `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${encode(name)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      // Decrypted: not for any cache.
      'Cache-Control': 'no-store',
    },
  });
}

/** RFC 8187 allows fewer characters than encodeURIComponent leaves. */
function encode(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
