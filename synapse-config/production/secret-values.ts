/**
 * The secrets of a deployment. Each is made once, kept in a file of its own that only root reads, and copied from
 * there to the services that need it (deployment-files.ts). To change one, delete its file and configure again.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createEd25519Key } from '../homeserver/ed25519-key.ts';

const secretNames = [
  'signing-key',
  'registration-secret',
  'macaroon-secret',
  'form-secret',
  'wall-token',
  'audit-key',
  'roster-key',
  'memberships-token',
  'redis-password',
  'database-superuser-password',
  'database-synapse-password',
  'database-appservice-password',
  'provisioner-appservice-token',
  'provisioner-homeserver-token',
  'people-appservice-token',
  'people-homeserver-token',
] as const;
type SecretName = (typeof secretNames)[number];

const secretValuesSchema = z.record(z.enum(secretNames), z.string().min(1)).readonly();
export type SecretValues = z.infer<typeof secretValuesSchema>;

/** 256 bits as 64 letters and digits, so that a secret needs quoting nowhere. */
function createToken(): string {
  return randomBytes(32).toString('hex');
}

/** An Ed25519 key in the format of Synapse's signing key file: algorithm, version, seed in unpadded base64. */
function createSigningKey(): string {
  const version = `a_${randomBytes(3).toString('hex')}`;
  return `ed25519 ${version} ${randomBytes(32).toString('base64').replace(/=+$/, '')}`;
}

/** How the secrets are made that are more than a token. */
const makers: Partial<Record<SecretName, () => string>> = {
  'signing-key': createSigningKey,
  'audit-key': createEd25519Key,
  'roster-key': createEd25519Key,
};

/** Reads the secrets that are in `folder` and makes those that are missing. Writes nothing. */
export async function loadSecretValues(folder: string): Promise<SecretValues> {
  const entries = await Promise.all(secretNames.map(async (name) => [name, await loadOrCreate(folder, name)] as const));
  return secretValuesSchema.parse(Object.fromEntries(entries));
}

async function loadOrCreate(folder: string, name: SecretName): Promise<string> {
  try {
    return (await readFile(join(folder, name), 'utf8')).trim();
  } catch (error) {
    if (!isMissing(error)) throw error;
    return (makers[name] ?? createToken)();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
