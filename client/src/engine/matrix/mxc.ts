/** Matrix content addresses (client-server API, "Matrix Content (mxc://) URIs"): the one parser of them. */
import { serverNameSchema, type ServerName } from '#contract/ids.ts';

export interface Mxc {
  readonly serverName: ServerName;
  readonly mediaId: string;
}

const prefix = 'mxc://';
/** The specification's grammar for media ids; no dot, percent sign, slash or question mark can reach a path. */
const mediaIdPattern = /^[A-Za-z0-9_-]{1,255}$/;

/** Null for everything that is not exactly `mxc://server/id`, whatever a lenient parser would make of it. */
export function parseMxc(value: unknown): Mxc | null {
  if (typeof value !== 'string' || !value.startsWith(prefix)) return null;
  const [server, mediaId, ...more] = value.slice(prefix.length).split('/');
  const serverName = serverNameSchema.safeParse(server);
  if (!serverName.success || mediaId === undefined || more.length > 0 || !mediaIdPattern.test(mediaId)) return null;
  return { serverName: serverName.data, mediaId };
}

export function formatMxc(mxc: Mxc): string {
  return `${prefix}${mxc.serverName}/${mxc.mediaId}`;
}

/** Where the homeserver hands it out to those who are signed in. */
export function downloadPath(mxc: Mxc): string {
  return `/_matrix/client/v1/media/download/${mxc.serverName}/${mxc.mediaId}`;
}
