import { sha256Of } from './results-fixtures.js';
import type { Claimed } from './test-server.js';

type Body = NonNullable<RequestInit['body']>;

/** What a test announces: `bytes`, unless it says otherwise. */
export interface Announced {
  bytes: Buffer;
  length?: string;
  type?: string;
  sha256?: string;
  attempt?: string;
  fence?: string;
  step?: string;
  token?: string;
  version?: string;
}

/** Sends the requests of uploads as a runner does, or wrongly. */
export class UploadRequests {
  /** @param url that of the server, and @param as the attempt and the token of its runner, at the time of a request */
  constructor(
    private readonly url: () => string,
    private readonly as: () => { attempt: Claimed; token: string },
  ) {}

  announce({ bytes, length, token, version, ...given }: Announced): Promise<Response> {
    const { attemptId, fence } = this.as().attempt;
    const metadata = { sha256: sha256Of(bytes), type: 'image/png', attempt: attemptId, fence: String(fence), ...given };
    const entries = Object.entries(metadata).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`);
    return fetch(`${this.url()}/uploads`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token ?? this.as().token}`,
        'tus-resumable': version ?? '1.0.0',
        'upload-length': length ?? String(bytes.length),
        'upload-metadata': entries.join(','),
      },
    });
  }

  /** Announces bytes. Returns the location of the upload. */
  async open(bytes: Buffer, step?: number): Promise<string> {
    const response = await this.announce({ bytes, ...(step !== undefined && { step: String(step) }) });
    if (response.status !== 201) throw new Error(`POST /uploads: ${response.status} ${await response.text()}`);
    return response.headers.get('location')!;
  }

  send(location: string, body: Body, offset: number | string = 0, token = this.as().token): Promise<Response> {
    return fetch(this.at(location), {
      method: 'PATCH',
      duplex: 'half',
      body,
      headers: {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
      },
    } as RequestInit);
  }

  /** The head of a PATCH, to be sent by hand. */
  patchHead(location: string, length: number): string {
    return (
      `PATCH ${this.at(location).pathname} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${this.as().token}\r\n` +
      'Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n' +
      `Content-Length: ${length}\r\n\r\n`
    );
  }

  look(location: string, token = this.as().token): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
    return fetch(this.at(location), { method: 'HEAD', headers });
  }

  /** The address of an upload. Its location is relative to that of the announcement. */
  private at(location: string): URL {
    return new URL(location, `${this.url()}/uploads`);
  }

  async offset(location: string): Promise<number> {
    return Number((await this.look(location)).headers.get('upload-offset'));
  }
}

export async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error;
}
