/** Nothing more fits on this device. */
export class StorageFullError extends Error {}

export function isStorageFull(error: unknown): boolean {
  return error instanceof StorageFullError || (error instanceof DOMException && error.name === 'QuotaExceededError');
}
