import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { MediasmithError } from '../../runtime/contract/errors.ts';

const QmpMessage = z.union([
  z.object({ QMP: z.unknown() }),
  z.object({ id: z.int(), return: z.unknown() }),
  z.object({ id: z.int(), error: z.object({ class: z.string(), desc: z.string() }) }),
  z.object({ event: z.string(), data: z.record(z.string(), z.unknown()).default({}) }),
]);

export type QmpEvent = { event: string; data: Record<string, unknown> };

type Pending = { name: string; resolve: (value: unknown) => void; reject: (error: unknown) => void };

/** QEMU's monitor on a connected socket (QEMU Machine Protocol: one JSON object per line). */
export class Qmp {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #greeted = Promise.withResolvers<void>();
  readonly #listeners = new Set<(event: QmpEvent) => void>();
  #lastId = 0;
  #open = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('close', () => this.#end());
    // The reader passes the socket's errors on; the socket closes after one, and that ends the commands.
    createInterface({ input: socket })
      .on('line', (line) => this.#receive(line))
      .on('error', () => {});
  }

  /** Waits for the greeting and leaves the negotiation mode, in which QEMU takes no other command and sends no event. */
  static async connect(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    await qmp.#greeted.promise;
    await qmp.command('qmp_capabilities');
    return qmp;
  }

  /** Calls for each further event; the function returned ends that. */
  onEvent(listener: (event: QmpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs a command and gives what it returned. Throws `TOOL_FAILED` where QEMU refuses it or ends before the answer. */
  async command(name: string, args: Record<string, unknown> = {}): Promise<unknown> {
    if (!this.#open) throw connectionEnded(name);
    this.#lastId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(this.#lastId, { name, resolve, reject });
    this.#socket.write(`${JSON.stringify({ execute: name, arguments: args, id: this.#lastId })}\n`);
    return promise;
  }

  /** Writes the machine's picture as PNG (QEMU 7.1 and later). The path is QEMU's, so it should be absolute. */
  async screendump(path: string): Promise<void> {
    await this.command('screendump', { filename: path, format: 'png' });
  }

  /** `running`, `paused`, `shutdown`, ...: QEMU's RunState. */
  async status(): Promise<string> {
    return z.object({ status: z.string() }).parse(await this.command('query-status')).status;
  }

  /** Ends QEMU in order: it writes out its disks first. */
  async quit(): Promise<void> {
    await this.command('quit');
  }

  #receive(line: string): void {
    const message = QmpMessage.parse(JSON.parse(line));
    if ('QMP' in message) this.#greeted.resolve();
    else if ('event' in message) for (const listener of [...this.#listeners]) listener(message);
    else this.#settle(message);
  }

  #settle(answer: { id: number; return: unknown } | { id: number; error: { class: string; desc: string } }): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('return' in answer) pending?.resolve(answer.return);
    else pending?.reject(new MediasmithError('TOOL_FAILED', `QEMU refused ${pending.name}: ${answer.error.desc}`));
  }

  #end(): void {
    this.#open = false;
    this.#greeted.reject(connectionEnded('the greeting'));
    this.#greeted.promise.catch(() => {});
    for (const { name, reject } of this.#pending.values()) reject(connectionEnded(name));
    this.#pending.clear();
  }
}

function connectionEnded(name: string): MediasmithError {
  return new MediasmithError('TOOL_FAILED', `QEMU ended before it answered: ${name}`);
}
