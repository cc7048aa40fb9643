import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { QEMU } from './machine.ts';
import { Qmp } from './qmp.ts';

export type QemuProcess = {
  serial: Socket;
  qmp: Qmp;
  /** Settles when the process has ended, with the error where it did not end in order. Never rejects. */
  ended: Promise<unknown>;
  /** Ends it at once (SIGKILL), as a power cut does. */
  kill: () => void;
};

export type QemuFiles = { serialSocket: string; monitorSocket: string; pidFile: string };

/**
 * Starts QEMU with the command line that `argvOf` makes and waits until its monitor answers. Throws what `exec` throws
 * when it ends before that, `TOOL_MISSING` without QEMU.
 */
export async function startQemu(
  argvOf: (files: QemuFiles) => Argv,
  { exec, signal }: { exec: Exec; signal?: AbortSignal | undefined },
): Promise<QemuProcess> {
  await requireQemu(exec, signal);
  // Not in the machine's folder: the path of a Unix socket may have 107 bytes at most.
  const folder = await mkdtemp(join(tmpdir(), 'mediasmith-vm-'));
  const abandoned = new AbortController();
  try {
    const files = {
      serialSocket: join(folder, 'serial'),
      monitorSocket: join(folder, 'monitor'),
      pidFile: join(folder, 'pid'),
    };
    await using serial = await listen(files.serialSocket);
    await using monitor = await listen(files.monitorSocket);
    const signals = signal === undefined ? [abandoned.signal] : [abandoned.signal, signal];
    const ended = exec(argvOf(files), { signal: AbortSignal.any(signals) }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const sockets = Promise.all([serial.connected, monitor.connected]);
    const [serialSocket, monitorSocket] = await Promise.race([sockets, endedEarly(ended)]);
    // QEMU connects before it looks at its other options; what it says about those is the better error.
    const qmp = await Qmp.connect(monitorSocket).catch(() => endedEarly(ended));
    const pid = Number(await readFile(files.pidFile, 'utf8'));
    return { serial: serialSocket, qmp, ended, kill: killer(pid, ended) };
  } catch (error) {
    abandoned.abort();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks apart, because the program that `setpriv` cannot start looks like one that failed. */
async function requireQemu(exec: Exec, signal: AbortSignal | undefined): Promise<void> {
  try {
    await exec([QEMU, '--version'], signal === undefined ? {} : { signal });
  } catch (cause) {
    if (!isMediasmithError(cause) || cause.code !== 'TOOL_MISSING') throw cause;
    const hint = 'Install it: apt install qemu-system-x86';
    throw new MediasmithError('TOOL_MISSING', `cannot start ${QEMU}`, { hint, cause });
  }
}

async function listen(path: string): Promise<AsyncDisposable & { connected: Promise<Socket> }> {
  const server = createServer().listen(path);
  await once(server, 'listening');
  const connected = new Promise<Socket>((resolve) => {
    // A killed QEMU resets the connection: an error, and after it the end that counts.
    server.once('connection', (socket) => resolve(socket.on('error', () => {})));
  });
  // Closing ends the listening only; the connection lives on.
  return { connected, [Symbol.asyncDispose]: async () => void server.close() };
}

async function endedEarly(ended: Promise<unknown>): Promise<never> {
  throw (await ended) ?? new MediasmithError('TOOL_FAILED', `${QEMU} ended before the machine was there`);
}

function killer(pid: number, ended: Promise<unknown>): () => void {
  let alive = true;
  void ended.then(() => {
    alive = false;
  });
  return () => {
    if (!alive) return;
    alive = false;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
}
