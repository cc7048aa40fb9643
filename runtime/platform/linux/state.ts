import { MediasmithError } from '../../contract/errors.ts';
import type { Environment } from '../../contract/step.ts';
import type { Exec } from '../../host/exec.ts';
import { diskGone } from '../disk-problems.ts';
import { tableIdentity } from '../disk-start.ts';
import { fileSystemAt } from '../file-system-at.ts';
import type { StateStore, TargetDisk, TargetVolume } from '../platform.ts';
import { readAt } from '../raw-disk.ts';
import { renumbered } from '../renumbered.ts';
import { folderState, holdsState } from '../state-folder.ts';
import { listDisks, partitionDevice, partitionsOf } from './block-devices.ts';
import type { Roots } from './machine.ts';
import { type FileSystem, mountVolume } from './mount.ts';

const MIB = 1024 ** 2;

/** A state below the root of a volume, which stays mounted until the state is closed. */
async function mountedState(exec: Exec, fileSystem: FileSystem, device: string): Promise<StateStore> {
  const mounted = await mountVolume(exec, fileSystem, device, 'write');
  let open = true;
  const inner = folderState(mounted.path, device);
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await inner.close();
    await mounted[Symbol.asyncDispose]();
  };
  // Below a mount point without its volume there is only memory.
  const whileOpen = async (deed: () => Promise<void>): Promise<void> => {
    if (!open) throw new MediasmithError('STATE_INVALID', `${device} is no longer mounted`);
    await deed();
  };
  return {
    ...inner,
    append: (bytes, options) => whileOpen(() => inner.append(bytes, options)),
    replace: (bytes) => whileOpen(() => inner.replace(bytes)),
    close,
  };
}

/**
 * A state that was found on a volume of NTFS, such as that of a Windows that is replaced: mounted for as long as something
 * is done with it, because for everything else it must not be.
 */
function stateOnNtfs(exec: Exec, device: string): StateStore {
  const whileMounted = async <T>(deed: (state: StateStore) => Promise<T>): Promise<T> => {
    await using mounted = await mountVolume(exec, 'ntfs', device, 'write');
    const inner = folderState(mounted.path, device);
    try {
      return await deed(inner);
    } finally {
      await inner.close();
    }
  };
  return {
    place: device,
    read: () => whileMounted((state) => state.read()),
    append: (bytes, options) => whileMounted((state) => state.append(bytes, options)),
    replace: (bytes) => whileMounted((state) => state.replace(bytes)),
    remove: () => whileMounted((state) => state.remove()),
    close: async () => undefined,
  };
}

/**
 * Where the state lies: on the volume that is not being filled. An NTFS volume is mounted for one alone, so of a disk
 * that BIOS starts the state lies on the recovery volume, which nothing else writes before the hand-over.
 */
export function stateVolume(target: TargetDisk | undefined, environment: Environment): StateVolume | undefined {
  if (target === undefined) return undefined;
  const volume = environment === 'full-os' ? target.windows : placeInBootEnvironment(target);
  if (volume === undefined || volume.fileSystem === 'none') return undefined;
  return { device: volume.device, fileSystem: volume.fileSystem };
}

export type StateVolume = { device: string; fileSystem: 'ntfs' | 'fat32' };

export function openState(exec: Exec, { device, fileSystem }: StateVolume): Promise<StateStore> {
  return mountedState(exec, fileSystem, device);
}

function placeInBootEnvironment(target: TargetDisk): TargetVolume | undefined {
  const system = target.volumes.find(({ role }) => role === 'system');
  if (system?.fileSystem === 'fat32') return system;
  return target.volumes.find(({ role, fileSystem }) => role === 'recovery' && fileSystem === 'ntfs');
}

/** Looks at every partition of every disk that is not the medium's. */
export async function findStates(exec: Exec, { sys, dev }: Roots): Promise<StateStore[]> {
  const states: StateStore[] = [];
  for (const { device: disk } of await listDisks(sys, dev)) {
    for (const { device } of await partitionsOf(sys, disk)) {
      const fileSystem = await fileSystemAt(device, 0);
      if (fileSystem === undefined) continue;
      if (!(await hasState(exec, fileSystem, device))) continue;
      states.push(fileSystem === 'ntfs' ? stateOnNtfs(exec, device) : await mountedState(exec, fileSystem, device));
    }
  }
  return states;
}

async function hasState(exec: Exec, fileSystem: FileSystem, device: string): Promise<boolean> {
  const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
  if (mounted === undefined) return false;
  try {
    return await holdsState(mounted.path);
  } finally {
    await mounted[Symbol.asyncDispose]();
  }
}

/** The disk with the same table, wherever the kernel has put it this time. */
export async function recoverTarget({ sys, dev }: Roots, target: TargetDisk): Promise<TargetDisk> {
  const wanted = `${target.style} ${target.identity}`.toLowerCase();
  for (const { device } of await listDisks(sys, dev)) {
    const start = await readAt(device, 0, MIB).catch(() => undefined);
    if (start === undefined || tableIdentity(start)?.toLowerCase() !== wanted) continue;
    const now = renumbered(target, await partitionsOf(sys, device));
    const here = (volume: TargetVolume) => ({ ...volume, device: partitionDevice(device, volume.number) });
    const windows = now.windows && { windows: here(now.windows) };
    return { ...now, device, volumes: now.volumes.map(here), ...windows };
  }
  throw diskGone(wanted);
}
