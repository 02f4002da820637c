/**
 * A forged server of the running stack: its certificate comes from the stack's own authority and its name leads to
 * it through the egress proxy, so that only the wall can keep it out.
 */
import { issueServerCertificate, loadCertificateAuthority } from '#stack/certificates.ts';
import type { StackFile } from '#stack/stack-file.ts';
import type { Signer } from '#test/harness/federation/event.ts';
import { startForgedServer, type ForgedServer } from '#test/harness/federation/forged-server.ts';

/** Starts a forged server. Nobody finds it until an egress proxy knows its name. */
export async function startForgedPeer(stack: StackFile, signer: Signer): Promise<ForgedServer> {
  const authority = await loadCertificateAuthority(stack.ca.certificatePath, stack.ca.keyPath);
  const { certificate, key } = await issueServerCertificate(authority, signer.serverName);
  return startForgedServer(signer, { certificate, privateKey: key });
}
