/**
 * Encrypts what the engine stores, with keys that the browser holds and never hands out: a copy of the database's
 * files is worth nothing without this browser profile. Message keys are not its business; the SDK keeps those.
 */

/** AES-GCM for values, HMAC for the names they are stored under. Both non-extractable. */
export interface StorageKeys {
  readonly sealing: CryptoKey;
  readonly naming: CryptoKey;
}

export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

const form = { json: 0, bytes: 1 } as const;

export async function makeStorageKeys(): Promise<StorageKeys> {
  const [sealing, naming] = await Promise.all([
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
  ]);
  return { sealing, naming };
}

/** The name under which a record is stored: tells nothing of what it names. */
export async function sealName(keys: StorageKeys, name: string): Promise<string> {
  const mark = await crypto.subtle.sign('HMAC', keys.naming, new TextEncoder().encode(name));
  return Array.from(new Uint8Array(mark, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param place binds the record to where it is stored, so that records cannot be exchanged. */
export async function seal(keys: StorageKeys, place: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(parameters(iv, place), keys.sealing, encode(value));
  return { iv, data };
}

/** Undefined for what cannot be opened: another profile's, damaged, or none of ours. */
export async function unseal(keys: StorageKeys, place: string, sealed: unknown): Promise<unknown> {
  if (!isSealed(sealed)) return undefined;
  try {
    return decode(new Uint8Array(await crypto.subtle.decrypt(parameters(sealed.iv, place), keys.sealing, sealed.data)));
  } catch {
    return undefined;
  }
}

function parameters(iv: Uint8Array<ArrayBuffer>, place: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) };
}

function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const isBytes = value instanceof Uint8Array;
  const content = isBytes ? value : new TextEncoder().encode(JSON.stringify(value));
  const encoded = new Uint8Array(content.length + 1);
  encoded[0] = isBytes ? form.bytes : form.json;
  encoded.set(content, 1);
  return encoded;
}

function decode(encoded: Uint8Array<ArrayBuffer>): unknown {
  const content = encoded.subarray(1);
  return encoded[0] === form.bytes ? content.slice() : JSON.parse(new TextDecoder().decode(content));
}

function isSealed(value: unknown): value is Sealed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'iv' in value &&
    value.iv instanceof Uint8Array &&
    'data' in value &&
    value.data instanceof ArrayBuffer
  );
}
