import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Texts. Images are compressed already. */
const COMPRESSIBLE = /\.(js|css|svg)$/;
/** A smaller file fits into the first packets anyway. */
const LEAST_BYTES = 1024;

/** Stores each asset compressed, beside itself, as well as it can be done. The server sends these (server/http/precompressed.ts). */
export const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  generateBundle: {
    // After the plug-ins that write the final code.
    order: 'post',
    handler(_options, bundle) {
      for (const output of Object.values(bundle)) {
        const content = Buffer.from(output.type === 'chunk' ? output.code : output.source);
        if (!COMPRESSIBLE.test(output.fileName) || content.length < LEAST_BYTES) continue;
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        const brotli = brotliCompressSync(content, { params: quality });
        this.emitFile({ type: 'asset', fileName: `${output.fileName}.br`, source: brotli });
        this.emitFile({ type: 'asset', fileName: `${output.fileName}.gz`, source: gzipSync(content, { level: 9 }) });
      }
    },
  },
};
