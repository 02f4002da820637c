/** Account data as secret storage needs it: asked of the homeserver each time, since no SDK sync keeps a copy. */
import {
  type HttpApiEvent,
  MatrixError,
  MatrixHttpApi,
  Method,
  type IHttpOpts,
} from 'matrix-js-sdk/lib/http-api/index.js';
import { TypedEventEmitter } from 'matrix-js-sdk/lib/models/typed-event-emitter.js';
import type { AccountDataClient } from 'matrix-js-sdk/lib/secret-storage.js';

export type Http = MatrixHttpApi<IHttpOpts & { onlyData: true }>;

type Content = Readonly<Record<string, unknown>>;

export interface AccountData {
  /** Null: never written. */
  read(type: string): Promise<unknown>;
  write(type: string, content: Content): Promise<void>;
}

export function sdkHttp(homeserverUrl: string, fetchFn: typeof fetch): Http {
  const ignored = new TypedEventEmitter<HttpApiEvent, Record<HttpApiEvent, () => void>>();
  return new MatrixHttpApi(ignored, { baseUrl: homeserverUrl, prefix: '/_matrix/client/v3', onlyData: true, fetchFn });
}

export function accountData(http: Http, userId: string): AccountData {
  const path = (type: string): string => `/user/${encodeURIComponent(userId)}/account_data/${encodeURIComponent(type)}`;
  return {
    async read(type) {
      try {
        return await http.authedRequest<unknown>(Method.Get, path(type));
      } catch (error) {
        if (error instanceof MatrixError && error.errcode === 'M_NOT_FOUND') return null;
        throw error;
      }
    },
    async write(type, content) {
      await http.authedRequest(Method.Put, path(type), undefined, content);
    },
  };
}

/** The SDK's idea of the same. */
export function sdkAccountData(data: AccountData): AccountDataClient {
  const client = {
    getAccountDataFromServer: (type: string) => data.read(type),
    async setAccountData(type: string, content: Content) {
      await data.write(type, content);
      return {};
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- secret storage calls these two and no event
  return Object.assign(new TypedEventEmitter(), client) as unknown as AccountDataClient;
}
