import type { EncryptedFileInfo, Encryption } from '../encryption/encryption.ts';
import { FailureError } from '../failures.ts';
import { HomeserverError } from '../matrix/homeserver-api.ts';
import { formatMxc, type Mxc } from '../matrix/mxc.ts';
import type { OutgoingFile } from '../protocol.ts';
import type { MediaApi } from './media-api.ts';
import { prepareFile, type PreparedFile } from './prepare-file.ts';
import { uploadTogether, type UploadProgress } from './upload-together.ts';

/**
 * Content of the `m.room.message` event, plain JSON without caption (another `body`) and relations. To be stored as
 * soon as it is there, so that a restart between upload and sending does not upload again. Holds the file's keys.
 */
export type UploadedAttachment = Readonly<Record<string, unknown>>;

export type AttachmentEncryption = Pick<Encryption, 'encryptAttachment' | 'decryptAttachment'>;

export interface UploadDependencies {
  readonly api: MediaApi;
  readonly encryption: () => Promise<AttachmentEncryption>;
}

/** An encrypted file on the server, as events name it. */
type EncryptedFile = EncryptedFileInfo & { readonly url: string };

/**
 * One whole attempt, which can be repeated at will: until its result is sent, nobody sees anything of it.
 * @throws FailureError `too-large`, FileGoneError, the signal's reason when cancelled, and what `MediaApi` throws.
 */
export async function uploadAttachment(
  { api, encryption }: UploadDependencies,
  outgoing: Pick<OutgoingFile, 'file' | 'name'>,
  progress: UploadProgress,
): Promise<UploadedAttachment> {
  const [prepared, bytesMax] = await Promise.all([prepareFile(outgoing.file, outgoing.name), api.uploadBytesMax()]);
  if (prepared.bytes.length > bytesMax) throw new FailureError({ kind: 'too-large', bytesMax });
  progress.signal.throwIfAborted();
  const { encryptAttachment } = await encryption();
  const thumbnail = prepared.picture?.thumbnail ?? null;
  const encrypted = (thumbnail ? [prepared.bytes, thumbnail.bytes] : [prepared.bytes]).map(encryptAttachment);
  const addresses = await uploadTogether(
    api,
    encrypted.map(({ cipher }) => cipher),
    progress,
  ).catch((error: unknown) => refused(error, bytesMax));
  const [file, thumbnailFile] = encrypted.map(({ info }, index) => encryptedFile(info, addresses[index]));
  return contentOf(prepared, file, thumbnailFile);
}

function encryptedFile(info: EncryptedFileInfo, mxc: Mxc | undefined): EncryptedFile {
  if (!mxc) throw new Error('fewer addresses than uploads');
  return { ...info, url: formatMxc(mxc) };
}

function refused(error: unknown, bytesMax: number): never {
  if (error instanceof HomeserverError && error.errcode === 'M_TOO_LARGE')
    throw new FailureError({ kind: 'too-large', bytesMax });
  throw error;
}

/** Client-server API, `m.image` and `m.file`; the blurhash is MSC2448's. */
function contentOf(
  prepared: PreparedFile,
  file: EncryptedFile | undefined,
  thumbnailFile: EncryptedFile | undefined,
): UploadedAttachment {
  const { name, mimeType, bytes, picture } = prepared;
  return {
    msgtype: picture ? 'm.image' : 'm.file',
    body: name,
    filename: name,
    file,
    info: { mimetype: mimeType, size: bytes.length, ...(picture && pictureInfo(picture, thumbnailFile)) },
  };
}

function pictureInfo(
  { width, height, blurhash, thumbnail }: NonNullable<PreparedFile['picture']>,
  thumbnailFile: EncryptedFile | undefined,
): object {
  const info = { w: width, h: height, 'xyz.amorgan.blurhash': blurhash };
  if (!thumbnail) return info;
  const { width: w, height: h, mimeType: mimetype, bytes } = thumbnail;
  return { ...info, thumbnail_file: thumbnailFile, thumbnail_info: { w, h, mimetype, size: bytes.length } };
}
