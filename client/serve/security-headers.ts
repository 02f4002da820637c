import type { RequestHandler } from 'express';
import helmet from 'helmet';

export interface SecurityOptions {
  readonly allowedConnections: readonly string[];
  readonly behindTls: boolean;
}

const twoYearsInSeconds = 63_072_000;

/**
 * Headers of every answer, errors included. Nothing loads or runs that was not built here; `wasm-unsafe-eval`
 * permits the cryptography's WebAssembly and no JavaScript; Trusted Types leave Svelte's templates as the only HTML.
 */
export function securityHeaders(options: SecurityOptions): readonly RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: directives(options.allowedConnections) },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: options.behindTls ? { maxAge: twoYearsInSeconds, includeSubDomains: true } : false,
      xFrameOptions: { action: 'deny' },
    }),
    permissionsPolicy,
    serviceWorkerPolicy,
  ];
}

function directives(allowedConnections: readonly string[]): Record<string, string[]> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", ...allowedConnections],
    'font-src': ["'self'"],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ['svelte-trusted-html', 'landbote-workers'],
  };
}

/** The camera reads the code by which two devices confirm each other; nothing here uses the other features. */
const permissionsPolicy: RequestHandler = (_request, response, next) => {
  response.setHeader('Permissions-Policy', 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()');
  next();
};

/** The service worker may ask this origin alone, whatever its code does. */
const serviceWorkerPolicy: RequestHandler = (request, response, next) => {
  if (request.path === '/service-worker.js') {
    const policy = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
    response.setHeader('Content-Security-Policy', policy);
  }
  next();
};
