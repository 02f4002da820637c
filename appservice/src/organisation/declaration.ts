import type { BodyDeclaration, TrustDomainDeclaration } from '#contract/organisation.ts';
import type { RoomClasses } from '#contract/room-class.ts';
import type { SourceFile } from './source.ts';

export interface Located<Value> {
  readonly file: SourceFile;
  readonly value: Value;
}

/** What could be read of the files, before it is checked as a whole. */
export interface Declaration {
  /** null where the file is missing or could not be read; its references are then not checked. */
  readonly domain: Located<TrustDomainDeclaration> | null;
  readonly roomClasses: Located<RoomClasses> | null;
  readonly bodies: readonly Located<BodyDeclaration>[];
  /** Whether every body file could be read. Otherwise references to unknown names are not reported. */
  readonly isComplete: boolean;
}
