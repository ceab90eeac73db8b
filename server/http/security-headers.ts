import { type RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 365 * 86_400;

/**
 * What a browser may do with our pages: load only what this server serves, and show them in no frame. Nothing is loaded from
 * elsewhere, no script is inline, and styles are set by scripts or come from files. Blobs set an even stricter policy.
 */
export function securityHeaders(): RequestHandler {
  const always = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Browsers ignore these on plain HTTP, with a warning in the console.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: false,
    xPoweredBy: false,
  });
  const overHttps = [
    helmet.crossOriginOpenerPolicy(),
    helmet.strictTransportSecurity({ maxAge: YEAR_SECONDS, includeSubDomains: false }),
  ];
  return (request, response, next) => {
    always(request, response, (error?: unknown) => {
      if (error) return next(error);
      if (request.secure) for (const each of overHttps) each(request, response, () => {});
      next();
    });
  };
}
