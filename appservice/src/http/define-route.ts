import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';

type Method = 'get' | 'post' | 'put' | 'delete';

/** What to do with a request whose path is known and whose method is not. */
export type RefuseMethod = (request: Request, response: Response, next: NextFunction) => void;

/** A router that takes paths as they are written: no other case, no added slash. */
export function createRouter(): Router {
  return Router({ caseSensitive: true, strict: true });
}

/** Defines all methods of one path at once; any other method is refused with the header `Allow` set. */
export function defineRoute(
  router: Router,
  path: string,
  handlers: Partial<Record<Method, readonly RequestHandler[]>>,
  refuseMethod: RefuseMethod,
): void {
  const route = router.route(path);
  for (const method of ['get', 'post', 'put', 'delete'] as const) {
    const chain = handlers[method];
    if (chain !== undefined) route[method](...chain);
  }
  const allow = Object.keys(handlers).map((method) => method.toUpperCase());
  route.all((request, response, next) => {
    response.set('Allow', allow.join(', '));
    refuseMethod(request, response, next);
  });
}
