import type { RequestHandler } from 'express';
import { ProblemError } from '../problem-error.ts';

/** The header `Allow` is set already (define-route.ts). */
export const refuseMethod: RequestHandler = ({ method, path }) => {
  throw new ProblemError('route.method-not-allowed', `${path} does not take ${method}.`);
};

export const refuseRoute: RequestHandler = () => {
  throw new ProblemError('route.unknown', 'There is nothing at this address.');
};
