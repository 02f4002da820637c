/** The server takes no file of this size. Nothing was sent; trying again does not help. */
export class AttachmentTooLargeError extends Error {
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    super(`more than ${bytesMax} bytes`);
    this.bytesMax = bytesMax;
  }
}

/** The chosen file is no longer where it was. */
export class UnreadableFileError extends Error {
  constructor(options: ErrorOptions) {
    super('the file cannot be read', options);
  }
}
