import { Readable } from 'node:stream';
import type { PlatformName } from '../../contract/step.ts';
import type { Platform, TemporaryFolder } from '../platform.ts';
import { machineOf } from './installed-windows.ts';
import { mediumPlace } from './medium-place.ts';
import type { Recorder } from './recorder.ts';
import type { SimulatedWorld } from './world.ts';

/** What every simulated platform answers alike, and what a simulation has no part of: nothing here is shown. */
export function commonParts(world: SimulatedWorld, name: PlatformName) {
  const medium = mediumPlace(name, world.recorded);
  return {
    prepare: async () => undefined,
    bootOptions: async () => ({ mediumId: '', sequenceId: undefined }),
    trustedKey: async () => undefined,
    findMedium: async () => medium,
    openContent: async () => medium,
    inventory: async () => machineOf(world, name),
    filesToVerify: () => [],
    readMediumFile: () => Readable.from([]),
    keepFiles: async () => undefined,
    askForDiscs: () => undefined,
    missingDiscs: async () => [],
    clearContent: async () => undefined,
    removeMedium: async () => undefined,
    takeOverDisk: async (disk, volume) => ({ ...disk, replacing: volume.number }),
    rootNames: async () => [],
    writableMedium: async () => undefined,
    lockedVolumes: async () => [],
    findStates: async () => [],
    recoverTarget: async (target) => target,
    openCommandPrompt: undefined,
  } satisfies Partial<Platform>;
}

const EMPTY_ANSWER_FILE = '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>';

/** `nameIn`: the path of a file in the folder. */
export function temporaryFolder(
  path: string,
  nameIn: (file: string) => string,
  recorder: Pick<Recorder, 'write'>,
): TemporaryFolder {
  return {
    path,
    write: async (name) => {
      recorder.write(nameIn(name));
      return nameIn(name);
    },
    // What a package holds is not known; of an answer file the least is taken.
    read: async (file) => (/\.xml$/i.test(file) ? Buffer.from(EMPTY_ANSWER_FILE) : undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
