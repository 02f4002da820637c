/** Which homeservers the egress proxy lets through, and to which loopback port. Changes at run time. */
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';

export const portSchema = z.int().min(1).max(65535);

/** By server name: the loopback port of the federation listener. */
export const mappingsSchema = z.record(serverNameSchema, portSchema);
export type Mappings = Map<string, number>;

/** The federation port that every server name stands for (Matrix specification, "Resolving server names"). */
export const federationPort = 8448;

/** What a CONNECT request is for. */
export type Verdict =
  | { readonly kind: 'federation'; readonly port: number }
  /** The proxy itself answers `/.well-known/matrix/server`, so that nobody looks for SRV records. */
  | { readonly kind: 'well-known'; readonly serverName: string }
  | { readonly kind: 'refused' };

/** Judges a CONNECT target, `name:port`. Pure. */
export function judge(target: string, mappings: ReadonlyMap<string, number>): Verdict {
  const [, serverName = '', targetPort = ''] = /^([^:]+):(\d+)$/.exec(target) ?? [];
  const port = mappings.get(serverName);
  if (port === undefined) return { kind: 'refused' };
  if (Number(targetPort) === federationPort) return { kind: 'federation', port };
  return Number(targetPort) === 443 ? { kind: 'well-known', serverName } : { kind: 'refused' };
}
