/** All files of one build of the client. */
export interface ShellManifest {
  /** Changes with every byte of any file. */
  readonly version: string;
  readonly files: readonly ShellFile[];
}

export interface ShellFile {
  /** `/` for the page itself. */
  readonly path: string;
  /** As in the `integrity` attribute. */
  readonly integrity: string;
}
