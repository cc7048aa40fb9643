import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { type Exec, exec as execOnHost } from '../../runtime/host/exec.ts';
import { type Accelerator, detectAccelerator } from './accelerator.ts';
import { type Firmware, prepareFirmware } from './firmware.ts';
import { type MachineHardware, MEDIUM_DRIVE, qemuArgv, STICK_DEVICE } from './machine.ts';
import { type QemuProcess, startQemu } from './qemu-process.ts';
import type { QmpEvent } from './qmp.ts';
import { SerialConsole } from './serial-console.ts';

export type VirtualMachineOptions = MachineHardware & {
  firmware: Firmware;
  /** For the serial log and the firmware's variables; made where it is missing. */
  folder: string;
  /** Firmware variables that an earlier machine left ({@link VirtualMachine.variables}); fresh ones unless given. */
  earlierVariables?: string | undefined;
  /** Detected unless given. */
  accelerator?: Accelerator;
  /** The picture (PNG) at the moment the system restarts or shuts down goes to this file. */
  lastScreenshot?: string | undefined;
  exec?: Exec | undefined;
  signal?: AbortSignal | undefined;
};

export type MachineEnd = {
  /** A restart ends the machine. `killed` is a power cut, an interruption, or the end of the object. */
  reason: 'guest-reset' | 'guest-shutdown' | 'killed' | 'failed';
  /** Since the machine was switched on. */
  seconds: number;
  /** Why QEMU ended, with `failed`. */
  error?: unknown;
};

/** A virtual machine from its start to `exited`. Disposing ends it, whatever it is doing. */
export class VirtualMachine implements AsyncDisposable {
  /** The file with the raw bytes of the serial port. */
  readonly serialLog: string;
  /** The file with the firmware's variables; `bios` has none. */
  readonly variables: string;
  /** Settles when QEMU has ended and the last line is read. Never rejects. */
  readonly exited: Promise<MachineEnd>;
  readonly #process: QemuProcess;
  readonly #console = new SerialConsole();
  readonly #switchedOn = performance.now();
  readonly #lastScreenshot: string | undefined;
  #reason: MachineEnd['reason'] | undefined;

  private constructor(
    process: QemuProcess,
    files: { serialLog: string; variables: string; lastScreenshot: string | undefined },
  ) {
    this.serialLog = files.serialLog;
    this.variables = files.variables;
    this.#lastScreenshot = files.lastScreenshot;
    this.#process = process;
    process.serial.on('data', (bytes: Uint8Array) => this.#console.push(bytes));
    const serialClosed = new Promise<void>((resolve) => {
      process.serial.once('close', () => resolve());
    });
    process.qmp.onEvent((event) => this.#react(event));
    this.exited = this.#follow(serialClosed);
  }

  /** Starts a machine. Throws `TOOL_MISSING` without QEMU or OVMF, `TOOL_FAILED` where QEMU refuses the hardware. */
  static async start(options: VirtualMachineOptions): Promise<VirtualMachine> {
    const { folder, exec = execOnHost, signal, lastScreenshot } = options;
    await mkdir(folder, { recursive: true });
    const files = { serialLog: join(folder, 'serial.log'), variables: join(folder, 'firmware-variables.fd') };
    const firmware = await prepareFirmware(options.firmware, files.variables, options);
    const accelerator = options.accelerator ?? (await detectAccelerator());
    const process = await startQemu(
      (sockets) => qemuArgv(options, { firmware, accelerator, serialLog: files.serialLog, ...sockets }),
      { exec, signal },
    );
    const machine = new VirtualMachine(process, { ...files, lastScreenshot });
    try {
      await process.qmp.command('cont');
      return machine;
    } catch (error) {
      await machine.cut();
      throw signal?.aborted ? await process.ended : error;
    }
  }

  /** Every line so far, without terminal escapes and empty lines. */
  lines(): readonly string[] {
    return this.#console.lines();
  }

  /** As {@link SerialConsole.onLine}. */
  onLine(listener: (line: string) => void): () => void {
    return this.#console.onLine(listener);
  }

  /** As {@link SerialConsole.onEvent}. */
  onEvent(listener: (event: RunEvent) => void): () => void {
    return this.#console.onEvent(listener);
  }

  /** As {@link SerialConsole.waitForLine}. */
  waitForLine(pattern: RegExp, limit: { seconds: number }): Promise<string> {
    return this.#console.waitForLine(pattern, limit);
  }

  /** As {@link SerialConsole.waitForEvent}. */
  waitForEvent(predicate: (event: RunEvent) => boolean, limit: { seconds: number }): Promise<RunEvent> {
    return this.#console.waitForEvent(predicate, limit);
  }

  /** Writes the picture as PNG. Throws `TOOL_FAILED` when the machine has ended. */
  async screenshot(path: string): Promise<void> {
    await this.#process.qmp.screendump(resolve(path));
  }

  /** Presses keys one after the other, by QEMU's names (`a`, `1`, `ret`, `esc`); `ctrl-alt-delete` presses three at once. */
  async sendKeys(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const chord = key.split('-').map((name) => ({ type: 'qcode', data: name }));
      await this.#process.qmp.command('send-key', { keys: chord });
    }
  }

  /** Puts another disc into the CD drive. Throws `TOOL_FAILED` while the system keeps the drive closed. */
  async changeDisc(path: string): Promise<void> {
    await this.#process.qmp.command('blockdev-change-medium', {
      ...{ device: MEDIUM_DRIVE, filename: resolve(path), format: 'raw' },
    });
  }

  /** Pulls the stick with the medium out of the running machine. Throws `TOOL_FAILED` where there is none. */
  async pullStick(): Promise<void> {
    const { promise: out, resolve } = Promise.withResolvers<void>();
    const stop = this.#process.qmp.onEvent(({ event, data }) => {
      if (event === 'DEVICE_DELETED' && data.device === STICK_DEVICE) resolve();
    });
    try {
      await this.#process.qmp.command('device_del', { id: STICK_DEVICE });
      await Promise.race([out, this.#endedBefore('the stick was out')]);
    } finally {
      stop();
    }
  }

  /** Cuts the power: QEMU is killed. What the system had written to its disks is kept. */
  async cut(): Promise<MachineEnd> {
    this.#reason ??= 'killed';
    this.#process.kill();
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
  }

  async #endedBefore(what: string): Promise<never> {
    await this.exited;
    throw new MediasmithError('TOOL_FAILED', `the machine ended before ${what}`);
  }

  #react({ event, data }: QmpEvent): void {
    if (event !== 'SHUTDOWN' || (data.reason !== 'guest-reset' && data.reason !== 'guest-shutdown')) return;
    this.#reason ??= data.reason;
    void this.#switchOff();
  }

  /** The machine stands still. A command fails only when QEMU is gone, and then `exited` says so. */
  async #switchOff(): Promise<void> {
    if (this.#lastScreenshot !== undefined) await this.screenshot(this.#lastScreenshot).catch(() => {});
    await this.#process.qmp.quit().catch(() => {});
  }

  async #follow(serialClosed: Promise<void>): Promise<MachineEnd> {
    const [error] = await Promise.all([this.#process.ended, serialClosed]);
    const interrupted = isMediasmithError(error) && error.code === 'INTERRUPTED';
    const reason = this.#reason ?? (interrupted ? 'killed' : 'failed');
    this.#console.end(END_TEXTS[reason]);
    const seconds = (performance.now() - this.#switchedOn) / 1000;
    return reason === 'failed' ? { reason, seconds, error } : { reason, seconds };
  }
}

const END_TEXTS = {
  'guest-reset': 'the machine restarted',
  'guest-shutdown': 'the machine shut down',
  killed: 'the machine was switched off',
  failed: 'the virtual machine failed',
};
