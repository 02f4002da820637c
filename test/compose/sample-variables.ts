/** docker-compose.yml and values for its variables, for tests that start nothing. */
import { fileURLToPath } from 'node:url';

export const composeFilePath = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

export const sampleVariables = {
  COMPOSE_PROJECT_NAME: 'landbote-sample',
  LANDBOTE_DEPLOYMENT: '/srv/landbote',
  LANDBOTE_ORGANISATION: '/srv/organisation',
  LANDBOTE_CLIENTS_ADDRESS: '443',
  LANDBOTE_FEDERATION_ADDRESS: '8448',
  LANDBOTE_EGRESS_GATEWAY: 'egress.hessen.test:3128',
};
