/**
 * The npm packages installed in a folder, with the licence each declares.
 */
import { init, type ModuleInfo } from 'license-checker-rseidelsohn';
import { clarifiedLicences } from './clarified-licences.ts';

export interface InstalledPackage {
  /** `name@version` */
  readonly id: string;
  /** An SPDX expression, or what stands in its place. */
  readonly licence: string;
}

/** Reads what is installed for the project in `folder`, without that project itself. Rejects if it is none. */
export async function readInstalledPackages(folder: string): Promise<readonly InstalledPackage[]> {
  const modules = await new Promise<Record<string, ModuleInfo>>((resolve, reject) => {
    init({ start: folder }, (error, found) => (error ? reject(error) : resolve(found)));
  });
  return Object.entries(modules)
    .filter(([, module]) => module.path !== folder)
    .map(([id, module]) => ({ id, licence: licenceOf(id, module) }));
}

function licenceOf(id: string, { licenses }: ModuleInfo): string {
  const declared = Array.isArray(licenses) ? licenses.join(' OR ') : licenses;
  return clarifiedLicences.get(id) ?? declared ?? 'UNKNOWN';
}
