import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../runtime/contract/events.ts';
import type { Machine as Inventory } from '../../runtime/contract/machine.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import type { Environment, PlatformName } from '../../runtime/contract/step.ts';
import { runMedium } from '../../runtime/engine/run-medium.ts';
import type { Ask } from '../../runtime/host/ask.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { StateStore, TargetDisk } from '../../runtime/platform/platform.ts';
import { asking } from './asking.ts';
import { MEDIUM_ID, writeFakeMedium } from './fake-medium.ts';
import { FakePlatform } from './fake-platform.ts';
import { PowerCut } from './power-cut.ts';
import { scriptedExec } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A step that adds a letter to a variable: it shows how often it was run. */
export const append = (variable: string, more: object = {}) => ({
  step: 'set-variable',
  name: `${variable}+`,
  variable,
  value: `%${variable}%x`,
  ...more,
});

export type Life = {
  cut?: PowerCut;
  /** What lies between the run and its states: a disk that fails. */
  through?: (store: StateStore) => StateStore;
  exec?: Exec;
  signal?: AbortSignal;
  ask?: Ask;
  platformName?: PlatformName;
  machine?: Inventory;
  /** Makes the platform of this start another. */
  change?: (platform: FakePlatform) => void;
};

/** The steps of sequences that others run, by their ids. */
export type Children = Readonly<Record<string, readonly object[]>>;

/** A machine that is started again and again, its disk as the starts before have left it. */
export class Machine {
  readonly folder: string;
  readonly ran: string[] = [];
  readonly events: RunEvent[] = [];
  /** Told of each event by its number, from 1. */
  onEvent: (number: number) => void = () => undefined;
  readonly disk = { claim: undefined, table: undefined, prepared: false, starts: true };

  constructor(folder: string) {
    this.folder = folder;
  }

  static async withMedium(
    steps: readonly object[],
    manifest: Partial<Manifest> = {},
    children: Children = {},
  ): Promise<Machine> {
    const machine = new Machine(await temporaryFolder());
    await machine.insert(steps, manifest, children);
    await writeFile(join(machine.folder, 'smsts.log'), 'the log');
    return machine;
  }

  async insert(steps: readonly object[], manifest: Partial<Manifest> = {}, children: Children = {}): Promise<void> {
    const about = (id: string) => ({ formatVersion: 2, id, name: `Sequence ${id}`, startsIn: 'any' });
    const others = Object.entries(children).map(([id, list]) => ({ ...about(id), steps: list }));
    // Of several nobody is asked which.
    const first = { ...about('a'), ...(others.length > 0 && { purpose: 'required' }), steps };
    await writeFakeMedium(this.folder, [first, ...others], manifest);
  }

  /** One start of the machine, to its end or to the moment the power goes. */
  async start({ cut = new PowerCut(0, 0), ask = goOn, platformName = 'linux', machine, ...life }: Life = {}) {
    const { through = (store) => store, exec = scriptedExec(this.ran), signal = new AbortController().signal } = life;
    const wrap = (store: StateStore): StateStore => cut.wrap(through(store));
    const platform = new StatefulPlatform(this.folder, wrap, { name: platformName, ...(machine && { machine }) });
    Object.assign(platform.disk, this.disk);
    life.change?.(platform);
    platform.boot = { mediumId: MEDIUM_ID, sequenceId: undefined };
    const run = runMedium({
      platform,
      exec,
      ask,
      logFile: join(this.folder, 'smsts.log'),
      emit: (event) => this.onEvent(this.events.push(event)),
      signal,
      wait: async () => undefined,
    });
    const end = await Promise.race([run, cut.happens]);
    Object.assign(this.disk, platform.disk);
    return { end, platform };
  }

  /** Starts it until it has really ended. */
  async runToEnd(life: Life = {}): Promise<void> {
    let { end } = await this.start(life);
    for (let starts = 1; this.continues() || end === 'cut'; starts++) {
      if (starts > 5) throw new Error('it never ends');
      ({ end } = await this.start({ ...life, cut: new PowerCut(0, 0) }));
    }
  }

  continues(): boolean {
    const last = this.events.at(-1);
    return last?.event === 'finished' && last.continues !== undefined;
  }

  async answerFile(): Promise<string> {
    return readFile(join(this.folder, 'volumes/Windows/Windows/Panther/unattend.xml'), 'utf8');
  }
}

/** As if the volumes of a real disk were looked at. */
class StatefulPlatform extends FakePlatform {
  readonly #wrap: (store: StateStore) => StateStore;

  constructor(
    folder: string,
    wrap: (store: StateStore) => StateStore,
    options: { name: PlatformName; machine?: Inventory },
  ) {
    super(folder, options);
    this.#wrap = wrap;
  }

  override async openState(target: TargetDisk | undefined, environment: Environment): Promise<StateStore | undefined> {
    const store = await super.openState(target, environment);
    return store === undefined ? undefined : this.#wrap(store);
  }

  override async findStates(): Promise<StateStore[]> {
    return (await super.findStates()).map((store) => this.#wrap(store));
  }
}

/** Somebody who picks the first of all choices. */
export const goOn = asking(async () => 0);
