/** The parts of a command line that make a program run as a service: its user, its rights, its environment. */
import type { ComposeService } from '../compose-file.ts';
import type { Image } from './image.ts';

/** Drops root, and with it every right that the service does not keep. */
export function asUser(service: ComposeService): readonly string[] {
  const { user, group } = idsOf(service);
  const rights = service.cap_drop.includes('ALL') ? ['--inh-caps=-all', '--bounding-set=-all'] : [];
  if (service.security_opt.includes('no-new-privileges:true')) rights.push('--no-new-privs');
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', ...rights];
}

export function idsOf({ user }: ComposeService): { readonly user: string; readonly group: string } {
  const [id = '', group = id] = user.split(':');
  return { user: id, group };
}

/** Only what image and service say; nothing of this machine's environment. */
export function environment(service: ComposeService, image: Image): readonly string[] {
  const variables = { PATH: image.path, ...image.environment, ...service.environment };
  return ['env', '-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
}
