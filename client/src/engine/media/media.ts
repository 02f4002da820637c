/** Pictures and files of one session: the one way in for the rest of the engine. */
import type { HomeserverApi } from '../matrix/homeserver-api.ts';
import type { OutgoingFile } from '../protocol.ts';
import { answerMedia } from './answer-media.ts';
import { cipherCache } from './cipher-cache.ts';
import { deleteDiskStore, diskStore, memoryStore } from './cipher-stores.ts';
import { mediaLoader } from './load-media.ts';
import { mediaApi, type MediaAccess } from './media-api.ts';
import { mediaSources, type MediaReference } from './media-sources.ts';
import { uploadAttachment, type AttachmentEncryption, type UploadedAttachment } from './upload-attachment.ts';
import type { UploadProgress } from './upload-together.ts';

export interface MediaOptions {
  readonly access: MediaAccess;
  readonly homeserver: HomeserverApi;
  /** Loaded late: asked for when the first file is encrypted or decrypted. */
  readonly encryption: () => Promise<AttachmentEncryption>;
  /** Keeps even ciphertext in memory only. */
  readonly isSharedComputer: boolean;
}

export interface SessionMedia {
  /** For `attachmentOf`: remembers what the address stands for. */
  nameOf(reference: MediaReference): string;
  /** See `uploadAttachment`: repeatable; its result is to be stored before the event is sent. */
  uploadAttachment(file: Pick<OutgoingFile, 'file' | 'name'>, progress: UploadProgress): Promise<UploadedAttachment>;
  /** To be called when the browser's storage is full; pictures seen before go first. */
  freeSpace(): Promise<void>;
  /** Ends answering; what is stored stays. */
  stop(): void;
}

const bytesOnDiskMax = 256 * 2 ** 20;
const bytesInMemoryMax = 32 * 2 ** 20;

export function startMedia({ access, homeserver, encryption, isSharedComputer }: MediaOptions): SessionMedia {
  const api = mediaApi(access, homeserver);
  const isOnDisk = !isSharedComputer && typeof caches !== 'undefined';
  const cache = isOnDisk ? cipherCache(diskStore(), bytesOnDiskMax) : cipherCache(memoryStore(), bytesInMemoryMax);
  const sources = mediaSources();
  return {
    nameOf: sources.nameOf,
    uploadAttachment: (file, progress) => uploadAttachment({ api, encryption }, file, progress),
    freeSpace: cache.freeSpace,
    stop: answerMedia(sources, mediaLoader({ api, cache, encryption })),
  };
}

/** Leaves no file of any session on this device; at sign-out. */
export const forgetMedia = deleteDiskStore;
