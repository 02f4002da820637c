/** A small office whose appservice runs inside the test's process. */
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { startAppservice, type Appservice } from '#appservice/appservice.ts';
import { readInventory } from '#appservice/apply/inventory.ts';
import { readConfig } from '#appservice/config.ts';
import type { RoomId } from '#contract/ids.ts';
import { startOfficeServers, type OfficeOptions, type OfficeServers } from './office-servers.ts';

export interface SmallOffice extends Omit<OfficeServers, 'appserviceDatabasePath' | 'folder'> {
  readonly appservice: () => Appservice;
  /** The room at an address of the declaration. Throws if there is none. */
  roomAt(address: string): Promise<RoomId>;
  /** What the appservice has logged so far, a line each. */
  readonly log: readonly string[];
  /** Ends the appservice; its database stays. */
  stopAppservice(): Promise<void>;
  /** Starts it again; resolves when the organisation stands. */
  startAppservice(): Promise<void>;
  /** Ends the appservice, deletes its database and starts it again. */
  loseDatabase(): Promise<void>;
}

/** Starts with `body` as the only body of the declaration on this homeserver; resolves when it is real. */
export async function startSmallOffice(body: string, options: OfficeOptions = {}): Promise<SmallOffice> {
  const servers = await startOfficeServers(body, options);
  const { configPath, appserviceDatabasePath } = servers;
  const log: string[] = [];
  let appservice = await startReady(configPath, log);
  return {
    ...servers,
    appservice: () => appservice,
    async roomAt(address) {
      const roomId = (await readInventory(appservice.store.db)).get(address);
      if (roomId === undefined) throw new Error(`there is no room ${address}`);
      return roomId;
    },
    log,
    stopAppservice: () => appservice.stop(),
    async startAppservice() {
      appservice = await startReady(configPath, log);
    },
    async loseDatabase() {
      await appservice.stop();
      await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${appserviceDatabasePath}${end}`, { force: true })));
      appservice = await startReady(configPath, log);
    },
    async stop() {
      await appservice.stop();
      await servers.stop();
    },
  };
}

async function startReady(configPath: string, log: string[]): Promise<Appservice> {
  const logger = pino({}, { write: (line) => void log.push(line) });
  const appservice = await startAppservice(await readConfig(configPath), logger);
  await appservice.ready;
  return appservice;
}
