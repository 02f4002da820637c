/**
 * Writes a deployment's files: configuration readable for everybody, secrets (mode 0600 in folders of mode 0700) only for
 * the one user that needs them.
 */
import { chown, chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeploymentFile } from './deployment.ts';

export type ChangeOwner = (path: string, owner: number) => Promise<void>;

/** Gives a file or folder to a user and the group of the same number. Needs root. */
const changeOwner: ChangeOwner = (path, owner) => chown(path, owner, owner);

/** Writes every file whole or not at all: an interrupted run leaves the old one. */
export async function writeDeployment(
  folder: string,
  files: readonly DeploymentFile[],
  giveTo: ChangeOwner = changeOwner,
): Promise<void> {
  for (const file of files) await writeOne(join(folder, file.path), file, giveTo);
}

async function writeOne(path: string, { content, owner }: DeploymentFile, giveTo: ChangeOwner): Promise<void> {
  const isSecret = owner !== null;
  await mkdir(dirname(path), { recursive: true, mode: isSecret ? 0o700 : 0o755 });
  const unfinished = `${path}.new`;
  await writeFile(unfinished, content, { mode: isSecret ? 0o600 : 0o644 });
  // A umask may have taken rights away that a container's user needs.
  await chmod(unfinished, isSecret ? 0o600 : 0o644);
  if (isSecret) await giveTo(unfinished, owner);
  await rename(unfinished, path);
}
