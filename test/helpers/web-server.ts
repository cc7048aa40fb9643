import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a test may do to an answer. Returns true when it has answered itself. */
export type Interfere = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A web server on loopback that answers byte ranges, as nginx does. It can be switched off and on at its port. */
export class WebServer implements AsyncDisposable {
  folder: string;
  interfere: Interfere = () => false;
  /** Path and range of every request. */
  readonly requests: string[] = [];
  #server: Server | undefined;
  #port = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(folder: string): Promise<WebServer> {
    const server = new WebServer(folder);
    await server.switchOn();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  async switchOn(): Promise<void> {
    const server = createServer((request, response) => {
      this.requests.push(`${request.url} ${request.headers.range ?? ''}`.trim());
      if (!this.interfere(request, response)) this.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Every connection breaks, whatever is under way. */
  async switchOff(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.switchOff();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = join(this.folder, decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname));
    const file = await stat(path).catch(() => undefined);
    if (!file?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const end = Math.min(range?.[2] ? Number(range[2]) : file.size - 1, file.size - 1);
    response.writeHead(range === null ? 200 : 206, {
      'Content-Length': Math.max(0, end - start + 1),
      'Accept-Ranges': 'bytes',
      ETag: `"${file.mtimeMs}-${file.size}"`,
      ...(range !== null && { 'Content-Range': `bytes ${start}-${end}/${file.size}` }),
    });
    if (file.size === 0 || request.method === 'HEAD') {
      response.end();
      return;
    }
    createReadStream(path, { start, end })
      .on('error', () => response.destroy())
      .pipe(response);
  }
}
