/**
 * One homeserver in production shape, started from docker-compose.yml (start-deployment.ts says how, without a
 * container engine), and asked for what it must do and must refuse. The cases stand in files beside this one.
 */
import { afterAll, beforeAll } from 'vitest';
import { describeIsolation } from './isolation-cases.ts';
import { describeMessages } from './message-cases.ts';
import { describeProxy } from './proxy-cases.ts';
import { describeProxyLimits } from './proxy-limit-cases.ts';
import { runDeployment, type RunningDeployment } from './running.ts';

let running: RunningDeployment | null = null;

function deployment(): RunningDeployment {
  if (running === null) throw new Error('The deployment did not start.');
  return running;
}

beforeAll(async () => {
  running = await runDeployment();
}, 300_000);

afterAll(() => running?.stop());

describeMessages(deployment);
describeProxy(deployment);
describeIsolation(deployment);
// Last: it uses up what the proxy grants one address.
describeProxyLimits(deployment);
