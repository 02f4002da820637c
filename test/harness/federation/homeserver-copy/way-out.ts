/**
 * The egress proxy of a homeserver's copy: the stack's own proxy, run inside the test, so that the copy reaches
 * forged servers and nobody else.
 */
import type { Server } from 'node:http';
import { loadCertificateAuthority } from '#stack/certificates.ts';
import { createEgressProxy, type ConnectRecord } from '#stack/egress-proxy/proxy.ts';
import { createWellKnownResponder } from '#stack/egress-proxy/well-known.ts';
import type { StackFile } from '#stack/stack-file.ts';
import { listenOnLoopback } from '../loopback.ts';

export interface WayOut {
  readonly port: number;
  /** Every connection that was asked for. */
  readonly records: readonly ConnectRecord[];
  close(): Promise<void>;
}

/** @param mappings loopback ports by server name; everything else is refused */
export async function openWayOut(stack: StackFile, mappings: ReadonlyMap<string, number>): Promise<WayOut> {
  const authority = await loadCertificateAuthority(stack.ca.certificatePath, stack.ca.keyPath);
  const records: ConnectRecord[] = [];
  const proxy = createEgressProxy({
    mappings: new Map(mappings),
    record: (record) => void records.push(record),
    answerWellKnown: createWellKnownResponder(authority),
  });
  const port = await listenOnLoopback(proxy);
  return { port, records, close: () => closeProxy(proxy) };
}

function closeProxy(proxy: Server): Promise<void> {
  proxy.closeAllConnections();
  return new Promise((resolve) => proxy.close(() => resolve()));
}
