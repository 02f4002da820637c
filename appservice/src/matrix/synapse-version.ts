/**
 * Refuses homeservers with known holes. Synapse 1.157.2 closed eleven of them, among them forged senders of to-device
 * messages and a remote error that made clients destroy their keys.
 */
export const synapseVersionMin = [1, 157, 2] as const;

type Version = readonly [number, number, number];

/**
 * Asks the homeserver for its version (the `Server` header of any answer).
 * Throws with the remedy if it is no Synapse or too old.
 */
export async function requireSynapse(homeserverUrl: string, ended: AbortSignal): Promise<void> {
  const answer = await fetch(new URL('/_matrix/client/versions', homeserverUrl), {
    signal: AbortSignal.any([ended, AbortSignal.timeout(10_000)]),
  });
  const server = answer.headers.get('server') ?? '';
  const version = synapseVersionOf(server);
  const wanted = synapseVersionMin.join('.');
  if (version === null) throw new Error(`${homeserverUrl} is "${server}". Landbote needs Synapse ${wanted} or newer.`);
  if (isOlder(version, synapseVersionMin)) {
    throw new Error(`${homeserverUrl} runs Synapse ${version.join('.')}. Update it to ${wanted} or newer.`);
  }
}

/** `Synapse/1.163.2 …` → [1, 163, 2]; null for anything else. */
export function synapseVersionOf(serverHeader: string): Version | null {
  const [, major, minor, patch] = /^Synapse\/(\d+)\.(\d+)\.(\d+)/.exec(serverHeader) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

/** Release candidates count as the release that they lead to. */
export function isOlder(version: Version, than: Version): boolean {
  const difference = version.map((part, index) => part - (than[index] ?? 0)).find((step) => step !== 0);
  return difference !== undefined && difference < 0;
}
