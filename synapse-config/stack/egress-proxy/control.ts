/**
 * Changes what the egress proxy lets through while it runs; tests add forged homeservers with it.
 *
 * | request                    | body              | answer             |
 * | -------------------------- | ----------------- | ------------------ |
 * | `GET /mappings`            | –                 | `{ name: port }`   |
 * | `PUT /mappings/<name>`     | `{ "port": 1234 }` | 204               |
 * | `DELETE /mappings/<name>`  | –                 | 204                |
 * | `GET /live`                | –                 | 204                |
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { serverNameSchema } from '#contract/ids.ts';
import { portSchema, type Mappings } from './mappings.ts';

const mappingSchema = z.strictObject({ port: portSchema });

export function createControl(mappings: Mappings): Express {
  const app = express();
  app.use(express.json());
  app.get('/live', (_request, response) => void response.sendStatus(204));
  app.get('/mappings', (_request, response) => void response.json(Object.fromEntries(mappings)));
  app.put('/mappings/:name', ({ params, body }: Request, response) => {
    mappings.set(serverNameSchema.parse(params['name']), mappingSchema.parse(body).port);
    response.sendStatus(204);
  });
  app.delete('/mappings/:name', ({ params }, response) => {
    mappings.delete(params.name);
    response.sendStatus(204);
  });
  app.use((error: Error, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof z.ZodError)) return next(error);
    response.status(400).json({ problems: z.prettifyError(error) });
  });
  return app;
}
