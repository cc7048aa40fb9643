import { formatAndPartitionDisk } from '../../../runtime/steps/format-and-partition-disk/schema.ts';
import { flag, type Volume } from '../mapping.ts';
import { type SourceEntry, type SourceStep, textOf } from '../model.ts';

/** A volume as our layout has it, before the schema has judged it. */
export type LayoutVolume = Readonly<Record<string, unknown>> & { type: string; name?: string; variable?: string };

/** The volumes of a Format and Partition Disk step. What our layouts cannot have is changed, and said by `changed`. */
export function layoutOf({ variables }: SourceStep, changed: (what: string) => void): LayoutVolume[] {
  const { volumes = [] } = formatAndPartitionDisk.fromVariables((name) => textOf(variables, name) || undefined);
  const gpt = /^gpt$/i.test(textOf(variables, 'OSDPartitionStyle'));
  const made = volumes.map(({ fileSystem, ...volume }): LayoutVolume => {
    const type = String(volume.type);
    if (type === 'hidden' && gpt) changed('a hidden partition of a GPT disk is a recovery partition here');
    const plain = type === 'msr' || type === 'efi';
    const starts = !gpt && type !== 'logical' && type !== 'hidden';
    if (volume.bootable === true && !gpt && !starts)
      changed(`a BIOS does not start a ${type} volume: it is not bootable`);
    const name = volume.name?.replace(/["\p{Cc}]/gu, '').slice(0, 32);
    const { name: _name, variable, bootable, ...rest } = volume;
    if (variable !== undefined && !VARIABLE.test(variable))
      changed(`"${variable}" cannot be a variable: the volume is found by its name`);
    return {
      ...rest,
      type: type === 'hidden' && gpt ? 'recovery' : type,
      ...(bootable === true && starts && { bootable }),
      ...(name !== undefined && name !== '' && type !== 'msr' && { name }),
      ...(fileSystem !== undefined && !plain && { fileSystem }),
      ...(variable !== undefined && VARIABLE.test(variable) && { variable }),
    };
  });
  return withLetters(withSystemVolumes(made, gpt, variables, changed), changed);
}

/** ConfigMgr mounts the volume of an image by itself where it has no letter. */
function withLetters(volumes: readonly LayoutVolume[], changed: (what: string) => void): LayoutVolume[] {
  const windows = windowsOf(volumes);
  return volumes.map((volume) => {
    const { assignVolumeLetter, ...rest } = volume;
    if (assignVolumeLetter !== false || (volume !== windows && volume.variable === undefined)) return volume;
    changed(`volume "${volume.name ?? volume.variable}" has a drive letter: images are applied under one`);
    return rest as LayoutVolume;
  });
}

/** What ConfigMgr adds to a GPT boot disk, and MDT to any layout, where the step does not list it. */
function withSystemVolumes(
  volumes: LayoutVolume[],
  gpt: boolean,
  variables: SourceStep['variables'],
  changed: (what: string) => void,
): LayoutVolume[] {
  const mdt = variables.some(({ name }) => /^DoNotCreateExtraPartition$/i.test(name));
  const adds = mdt
    ? !/^(yes|true)$/i.test(textOf(variables, 'DoNotCreateExtraPartition'))
    : flag(textOf(variables, 'OSDGPTBootDisk'));
  const complete = gpt ? volumes.some(({ type }) => type === 'efi') : !mdt || volumes.length !== 1;
  if (!adds || complete) return volumes;
  changed('the system volumes that were added without being listed are listed here');
  if (gpt) return [{ type: 'efi', size: '260 MB' }, { type: 'msr', size: '16 MB' }, ...volumes];
  const others = volumes.map(({ bootable: _bootable, ...volume }): LayoutVolume => volume as LayoutVolume);
  return [{ type: 'primary', size: '499 MB', name: 'System', fileSystem: 'ntfs', bootable: true }, ...others];
}

/** The volumes of the first layout that is enabled, else of the first. */
export function volumesOf(entries: readonly SourceEntry[]): Volume[] {
  const layouts = partitionSteps(entries);
  const step = layouts.find(({ disabled }) => !disabled) ?? layouts[0];
  if (step === undefined) return [];
  const volumes = layoutOf(step, () => {});
  const numbers = partitionNumbers(volumes);
  const windows = windowsOf(volumes);
  return volumes.map((volume, index) => ({
    partition: numbers[index] ?? 0,
    reference: volume.variable === undefined ? volume.name : `%${volume.variable}%`,
    windows: volume === windows,
  }));
}

/** What the layout is likely to have Windows on. */
function windowsOf(volumes: readonly LayoutVolume[]): LayoutVolume | undefined {
  const primary = volumes.filter(({ type, bootable }) => type === 'primary' && bootable !== true);
  return (
    volumes.find(({ variable }) => /^osdisk$/i.test(variable ?? '')) ??
    volumes.find(({ name }) => /^(windows|osdisk)$/i.test(name ?? '')) ??
    primary.at(-1) ??
    volumes.find(({ type }) => type === 'logical') ??
    volumes.filter(({ type }) => type === 'primary').at(-1)
  );
}

/** As Windows counts: logical partitions after all others, and the extended one, which holds them, not at all: 0. */
function partitionNumbers(volumes: readonly LayoutVolume[]): number[] {
  const counts = { others: 0, logical: volumes.filter(({ type }) => type !== 'logical' && type !== 'extended').length };
  return volumes.map(({ type }) => {
    if (type === 'extended') return 0;
    return type === 'logical' ? ++counts.logical : ++counts.others;
  });
}

const VARIABLE = /^[A-Za-z][A-Za-z0-9_-]*$/;

function partitionSteps(entries: readonly SourceEntry[]): SourceStep[] {
  return entries.flatMap((entry) =>
    entry.kind === 'group' ? partitionSteps(entry.entries) : /PartitionDiskAction$/i.test(entry.type) ? [entry] : [],
  );
}
