import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** Says something to the person who watches. */
export type Say = (line: string) => void;

/** Why a file of the web server cannot be read, in the words of a file system. */
export class WebError extends Error {
  readonly code: 'ENOENT' | 'EIO' | 'ETIMEDOUT';
  constructor(message: string, code: WebError['code'], cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** How long an answer may be missing before the reading fails: a web server that restarts is back long before. */
export const PATIENCE_SECONDS = 120;
/** A connection on which nothing comes for this long is given up and made again. */
const SILENCE_SECONDS = 15;
const WAITS_MILLISECONDS = [0, 250, 500, 1000, 2000];
const QUIET_MILLISECONDS = 1000;
const CONNECTIONS = 6;
const MOST_OF_A_SMALL_FILE = 64 * 1024 * 1024;

/**
 * The files below one address of a web server. What breaks off is taken up again where it broke off, until nothing has
 * come for `patienceSeconds`.
 */
export class WebFiles {
  readonly #base: URL;
  readonly #say: Say;
  readonly #patience: number;
  readonly #agent: http.Agent;
  readonly #versions = new Map<string, string>();
  #outageSince: number | undefined;
  #saidOutage = false;
  /** How often something came, whichever request it was for. */
  #answers = 0;

  /** `base` ends in a slash. */
  constructor(base: URL, say: Say, patienceSeconds: number = PATIENCE_SECONDS) {
    this.#base = base;
    this.#say = say;
    this.#patience = patienceSeconds * 1000;
    const { Agent } = base.protocol === 'https:' ? https : http;
    this.#agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  }

  /** A small file whose size is not known. `optional`: that it is not there is nothing to talk about. */
  async readWhole(path: string, signal?: AbortSignal, { optional = false } = {}): Promise<Buffer> {
    return this.#untilDone({ path, optional }, signal, async () => {
      const response = await this.#request(path, {}, signal);
      refuseStatus(response, path, 200);
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of response) {
        parts.push(part);
        bytes += part.length;
        if (bytes > MOST_OF_A_SMALL_FILE) throw new WebError(`${path}: is too large`, 'EIO');
      }
      return Buffer.concat(parts);
    });
  }

  /** `length` bytes from `offset` on, of a file that must have `total` bytes. */
  async read(path: string, offset: number, length: number, total: number, signal?: AbortSignal): Promise<Buffer> {
    const data = Buffer.allocUnsafe(length);
    let done = 0;
    return this.#untilDone({ path, optional: false }, signal, async () => {
      const range = `bytes=${offset + done}-${offset + length - 1}`;
      const response = await this.#request(path, { Range: range }, signal);
      refuseStatus(response, path, 206);
      refuseOtherRange(response, path, offset + done, total);
      this.#refuseOtherVersion(response, path);
      for await (const part of response) {
        if (done + part.length > length) throw new WebError(`${path}: more than was asked for`, 'EIO');
        part.copy(data, done);
        done += part.length;
        this.#answered();
      }
      if (done < length) throw new Error('the answer ended too early');
      return data;
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #request(
    path: string,
    headers: http.OutgoingHttpHeaders,
    signal: AbortSignal | undefined,
  ): Promise<http.IncomingMessage> {
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), this.#base);
    const { get } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const options = { agent: this.#agent, headers: { ...headers, 'Accept-Encoding': 'identity' }, signal };
      const request = get(url, options, resolve);
      request.setTimeout(SILENCE_SECONDS * 1000, () =>
        request.destroy(new Error(`nothing came for ${SILENCE_SECONDS} s`)),
      );
      request.on('error', reject);
    });
  }

  /** `attempt` goes on where the one before it broke off. */
  async #untilDone(
    { path, optional }: { path: string; optional: boolean },
    signal: AbortSignal | undefined,
    attempt: () => Promise<Buffer>,
  ): Promise<Buffer> {
    for (let failures = 0; ; failures++) {
      signal?.throwIfAborted();
      const before = this.#answers;
      try {
        const data = await attempt();
        this.#answered();
        return data;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof WebError) throw optional && error.code === 'ENOENT' ? error : this.#tell(error);
        if (this.#answers > before) failures = 0;
        this.#refuseLongOutage(path, error);
        await wait(WAITS_MILLISECONDS[Math.min(failures, WAITS_MILLISECONDS.length - 1)], signal);
      }
    }
  }

  /** What was verified and what is read later must be one file, although each range is asked for by itself. */
  #refuseOtherVersion(response: http.IncomingMessage, path: string): void {
    const version = response.headers.etag ?? response.headers['last-modified'];
    if (version === undefined) return;
    const first = this.#versions.get(path) ?? version;
    this.#versions.set(path, first);
    if (first === version) return;
    response.destroy();
    throw new WebError(`${path}: was changed on the web server meanwhile`, 'EIO');
  }

  #answered(): void {
    this.#answers += 1;
    if (this.#outageSince === undefined) return;
    const seconds = Math.round((performance.now() - this.#outageSince) / 1000);
    this.#outageSince = undefined;
    if (this.#saidOutage) this.#say(`the web server answers again after ${seconds} s: going on where it broke off`);
    this.#saidOutage = false;
  }

  /** A single broken connection is nothing to talk about: it is made again at once. */
  #refuseLongOutage(path: string, error: unknown): void {
    const now = performance.now();
    this.#outageSince ??= now;
    const outage = now - this.#outageSince;
    if (outage < QUIET_MILLISECONDS) return;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    if (outage > this.#patience) {
      const message = `${path}: the web server ${this.#base.href} has not answered for ${Math.round(outage / 1000)} s (${reason})`;
      throw this.#tell(new WebError(message, 'ETIMEDOUT', error));
    }
    if (this.#saidOutage) return;
    this.#saidOutage = true;
    this.#say(
      `the web server ${this.#base.href} does not answer (${reason}): trying again for ${this.#patience / 1000} s`,
    );
  }

  #tell(error: WebError): WebError {
    this.#say(error.message);
    return error;
  }
}

/** The next attempt says that it was interrupted. */
async function wait(milliseconds: number | undefined, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, { ...(signal !== undefined && { signal }) }).catch(() => undefined);
}

/** A server that is overloaded or being restarted says so by these; they are worth another attempt. */
function refuseStatus(response: http.IncomingMessage, path: string, wanted: number): void {
  const status = response.statusCode ?? 0;
  if (status === wanted) return;
  response.resume();
  if (status >= 500 || status === 408 || status === 429) throw new Error(`HTTP ${status}`);
  if (status === 200) {
    response.destroy();
    throw new WebError(`${path}: the web server does not answer byte ranges, which are needed`, 'EIO');
  }
  throw new WebError(`${path}: the web server answered HTTP ${status}`, status === 404 ? 'ENOENT' : 'EIO');
}

function refuseOtherRange(response: http.IncomingMessage, path: string, start: number, total: number): void {
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers['content-range'] ?? '');
  if (Number(match?.[1]) === start && Number(match?.[2]) === total) return;
  response.destroy();
  const said = response.headers['content-range'] ?? 'no range';
  throw new WebError(`${path}: has ${total} bytes by the manifest, the web server says "${said}"`, 'EIO');
}
