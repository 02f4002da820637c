/**
 * The secret files of each service, in the format that it reads. A secret that two services need stands in two
 * files, because each file belongs to the one user that may read it.
 */
import type { ServerName } from '#contract/ids.ts';
import { renderPeopleRegistration, renderProvisionerRegistration } from '../homeserver/registration.ts';
import { toYaml } from '../homeserver/render.ts';
import type { DeploymentFile, OperatorFiles } from './deployment.ts';
import type { SecretValues } from './secret-values.ts';
import { ports, serviceUsers, type ServiceWithSecrets } from './services.ts';

/** File names and contents by service; a root-only copy of each value comes first. */
export function secretFilesOf(
  serverName: ServerName,
  secrets: SecretValues,
  operatorFiles: OperatorFiles,
): readonly DeploymentFile[] {
  const registrations = registrationsOf(serverName, secrets);
  return [
    ...Object.entries(secrets).map(([name, value]) => ({ path: `secrets/values/${name}`, content: value, owner: 0 })),
    ...filesOf('proxy', { 'tls-certificate': operatorFiles.tlsCertificate, 'tls-key': operatorFiles.tlsKey }),
    ...filesOf('synapse', { ...synapseSecrets(secrets), ...registrations }),
    ...filesOf('appservice', {
      'database-password': secrets['database-appservice-password'],
      'wall-token': secrets['wall-token'],
      'audit-key.pem': `${secrets['audit-key']}\n`,
      'roster-key.pem': `${secrets['roster-key']}\n`,
      'memberships-token': secrets['memberships-token'],
      ...registrations,
    }),
    ...filesOf('postgres', {
      'superuser-password': secrets['database-superuser-password'],
      'synapse-password': secrets['database-synapse-password'],
      'appservice-password': secrets['database-appservice-password'],
    }),
    ...filesOf('redis', { 'access.conf': `requirepass ${secrets['redis-password']}\n` }),
  ];
}

function filesOf(service: ServiceWithSecrets, contents: Readonly<Record<string, string>>): readonly DeploymentFile[] {
  const owner = serviceUsers[service];
  return Object.entries(contents).map(([name, content]) => ({ path: `secrets/${service}/${name}`, content, owner }));
}

function synapseSecrets(secrets: SecretValues): Record<string, string> {
  return {
    'signing-key': `${secrets['signing-key']}\n`,
    'registration-secret': secrets['registration-secret'],
    'macaroon-secret': secrets['macaroon-secret'],
    'form-secret': secrets['form-secret'],
    'wall-token': secrets['wall-token'],
    'memberships-token': secrets['memberships-token'],
    'redis-password': secrets['redis-password'],
    // libpq's password file: host:port:database:user:password
    'database-password': `postgres:${ports.postgres}:synapse:synapse:${secrets['database-synapse-password']}\n`,
  };
}

function registrationsOf(serverName: ServerName, secrets: SecretValues): Record<string, string> {
  const provisioner = renderProvisionerRegistration(serverName, `http://appservice:${ports.appserviceHomeserver}`, {
    appserviceToken: secrets['provisioner-appservice-token'],
    homeserverToken: secrets['provisioner-homeserver-token'],
  });
  const people = renderPeopleRegistration(serverName, {
    appserviceToken: secrets['people-appservice-token'],
    homeserverToken: secrets['people-homeserver-token'],
  });
  return { 'registration-provisioner.yaml': toYaml(provisioner), 'registration-people.yaml': toYaml(people) };
}
