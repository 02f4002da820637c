/**
 * Every file of a deployment folder, from parameters and secrets. Pure: docker-compose.yml mounts what stands here.
 */
import { stringify } from 'yaml';
import { renderProxy } from '../border/render-proxy.ts';
import { publicKeyOf } from '../homeserver/ed25519-key.ts';
import { toYaml } from '../homeserver/render.ts';
import { renderAppserviceConfig, renderClientConfig } from './application-config.ts';
import type { DeploymentFile, OperatorFiles } from './deployment.ts';
import type { DeploymentParameters } from './parameters.ts';
import { secretFilesOf } from './secret-files.ts';
import type { SecretValues } from './secret-values.ts';
import { renderSynapseConfig, renderSynapseLogConfig } from './synapse-config.ts';

/** All files; `folder` is the deployment folder's absolute path, for compose.env. */
export function renderDeployment(
  parameters: DeploymentParameters,
  secrets: SecretValues,
  files: OperatorFiles,
  folder: string,
): readonly DeploymentFile[] {
  const client = renderClientConfig(parameters, publicKeyOf(secrets['roster-key']), files.partners);
  const open = (path: string, content: string): DeploymentFile => ({ path, content, owner: null });
  return [
    open('compose.env', renderComposeEnvironment(parameters, folder)),
    open('proxy/nginx.conf', renderProxy(parameters)),
    open('client/client.json', `${JSON.stringify(client, null, 2)}\n`),
    open('appservice/appservice.yaml', stringify(renderAppserviceConfig(parameters))),
    open('synapse/homeserver.yaml', toYaml(renderSynapseConfig(parameters))),
    open('synapse/log.yaml', toYaml(renderSynapseLogConfig())),
    open('synapse/authorities.pem', files.certificateAuthorities.join('\n')),
    ...secretFilesOf(parameters.serverName, secrets, files),
  ];
}

/** The variables of docker-compose.yml. */
function renderComposeEnvironment(parameters: DeploymentParameters, folder: string): string {
  const variables = {
    COMPOSE_PROJECT_NAME: `landbote-${parameters.serverName.replaceAll('.', '-')}`,
    LANDBOTE_DEPLOYMENT: folder,
    LANDBOTE_ORGANISATION: parameters.organisation.folder,
    LANDBOTE_CLIENTS_ADDRESS: parameters.publish.clients,
    LANDBOTE_FEDERATION_ADDRESS: parameters.publish.federation,
    LANDBOTE_EGRESS_GATEWAY: parameters.egressGateway,
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
