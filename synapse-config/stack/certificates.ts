/** The local certificate authority, which vouches for the stack's homeservers, and the certificates it issues. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
// x509's dependency injection asks for it.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { readIfPresent, writePrivateFile } from './files.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
const serverDays = 90;

/** The name that browsers and Node.js both know. */
type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export interface CertificateAuthority {
  readonly certificatePath: string;
  readonly keyPath: string;
  readonly certificate: x509.X509Certificate;
  readonly key: SigningKey;
}

/** PEM texts, ready for a TLS server. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Opens the authority in `folder`, and makes it first when there is none. */
export async function openCertificateAuthority(folder: string): Promise<CertificateAuthority> {
  const certificatePath = join(folder, 'certificate.pem');
  const keyPath = join(folder, 'key.pem');
  await mkdir(folder, { recursive: true });
  if ((await readIfPresent(certificatePath)) === null) await createAuthority(certificatePath, keyPath);
  return loadCertificateAuthority(certificatePath, keyPath);
}

/** Loads an authority from its files. Throws if one is missing or no PEM. */
export async function loadCertificateAuthority(
  certificatePath: string,
  keyPath: string,
): Promise<CertificateAuthority> {
  const [certificatePem, keyPem] = await Promise.all([readIfPresent(certificatePath), readIfPresent(keyPath)]);
  if (certificatePem === null || keyPem === null)
    throw new Error(`The authority's files are missing: ${certificatePath}, ${keyPath}`);
  const key = await crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(keyPem), algorithm, true, ['sign']);
  return { certificatePath, keyPath, certificate: new x509.X509Certificate(certificatePem), key };
}

async function createAuthority(certificatePath: string, keyPath: string): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Landbote local authority',
    ...validity(authorityDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writePrivateFile(keyPath, await privateKeyPem(keys.privateKey));
  await writePrivateFile(certificatePath, certificate.toString('pem'));
}

/** Issues a certificate for one host name, valid for 90 days: stacks ask for new ones at every start. */
export async function issueServerCertificate(
  authority: CertificateAuthority,
  hostName: string,
): Promise<ServerCertificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${hostName}`,
    issuer: authority.certificate.subject,
    ...validity(serverDays),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: hostName }]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privateKeyPem(keys.privateKey) };
}

function validity(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  // A day of slack for clocks that differ.
  return { notBefore: new Date(now - dayMs), notAfter: new Date(now + days * dayMs) };
}

/** RFC 5280, 4.1.2.2: positive, at most 20 octets. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

async function privateKeyPem(key: SigningKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
