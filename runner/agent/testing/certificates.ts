import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a server shows, as PEM. */
export interface Certificate {
  key: Buffer;
  cert: Buffer;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of a test, made with the program `openssl`. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'crosscheck-authority-'));
  /** The file of its own certificate. */
  readonly file = join(this.folder, 'ca.pem');
  private count = 0;

  constructor() {
    const files = ['-keyout', this.path('ca.key'), '-out', this.file];
    this.openssl('req', '-x509', ...NEW_KEY, ...files, '-subj', '/CN=authority of a test');
  }

  /** A certificate for a host name. With a negative number of days, it has expired. */
  sign(host: string, days = 2): Certificate {
    const [key, request, cert] = this.files('key', 'csr', 'pem');
    const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    this.openssl('req', '-new', ...NEW_KEY, '-keyout', key!, '-out', request!, ...names);
    const signer = ['-CA', this.file, '-CAkey', this.path('ca.key'), '-CAcreateserial', '-copy_extensions', 'copy'];
    this.openssl('x509', '-req', '-in', request!, ...signer, '-days', String(days), '-out', cert!);
    return { key: readFileSync(key!), cert: readFileSync(cert!) };
  }

  /** A certificate for a host name that no authority has signed. */
  selfSigned(host: string): Certificate {
    const [key, cert] = this.files('key', 'pem');
    const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    this.openssl('req', '-x509', ...NEW_KEY, '-keyout', key!, '-out', cert!, ...names);
    return { key: readFileSync(key!), cert: readFileSync(cert!) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private files(...extensions: string[]): string[] {
    this.count++;
    return extensions.map((extension) => this.path(`${this.count}.${extension}`));
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
