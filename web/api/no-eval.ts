import { config } from 'zod';

// Without this, zod tries to compile its schemas with eval, which the policy in server/http/security-headers.ts forbids.
// main.tsx imports it first, because zod tries when the first schema is created.
config({ jitless: true });
