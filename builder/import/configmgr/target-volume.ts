import { type Notes, optional, type Place } from '../mapping.ts';
import { type SourceStep, textOf } from '../model.ts';

/** What to call the volume a step acts on; undefined where the default of ours is meant. */
export function targetVolume({ variables }: SourceStep, { changed }: Notes, { volumes }: Place): string | undefined {
  const variable = textOf(variables, 'DestinationVariable') || textOf(variables, 'DestinationOSVariable');
  if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(variable)) return `%${variable}%`;
  const windows = volumes.find((volume) => volume.windows)?.reference;
  const partition = Number(textOf(variables, 'DestinationPartition') || 0);
  const named = volumes.find((volume) => volume.partition === partition)?.reference;
  if (partition > 0 && named !== undefined && !usesMdtType(variables)) return named;
  const letter = textOf(variables, 'DestinationLogicalDrive') || textOf(variables, 'DestinationOSDriveLetter');
  if (letter !== '') changed(`the drive ${letter} is the volume ${windows ?? 'Windows'}: letters are not known before`);
  else if (windows === undefined)
    changed('it acts on the volume with the name Windows: say in "volume" if another is meant');
  return windows;
}

/**
 * Where an image goes: to a volume of the layout, or, where the sequence may come without one, to what the step's four
 * kinds of target say of a disk that is there. ConfigMgr empties that, but for the user state.
 */
export function imageTarget(
  step: SourceStep,
  notes: Notes,
  place: Place,
  kind: 'windows' | 'data',
): Readonly<Record<string, unknown>> {
  const { variables } = step;
  const get = (name: string): string => textOf(variables, name);
  const byVariable = get('DestinationVariable') !== '' || get('DestinationOSVariable') !== '';
  const [disk, partition] = [Number(get('DestinationDisk') || -1), Number(get('DestinationPartition') || 0)];
  const letter = get('DestinationLogicalDrive') || get('DestinationOSDriveLetter');
  if (place.volumes.length === 0 && !byVariable && !usesMdtType(variables)) {
    if (disk >= 0 && partition > 0) return onto({ diskNumber: disk, partition }, kind);
    if (/^[A-Za-z]:?$/.test(letter)) return onto({ drive: letter }, kind);
  }
  const volume = targetVolume(step, notes, place);
  if (!place.keepsDisk || kind === 'data') return optional('volume', volume);
  notes.changed('where no disk is laid out it replaces the Windows that is there, beside the user state');
  return { ...optional('volume', volume), ...onto('present-windows', kind) };
}

/** Apply Data Image says itself whether anything is removed. */
function onto(destination: unknown, kind: 'windows' | 'data'): Readonly<Record<string, unknown>> {
  return { destination, ...(kind === 'windows' && { wipe: true }) };
}

/** MDT repeats disk 0, partition 1 also where it means the next formatted partition. */
function usesMdtType(variables: SourceStep['variables']): boolean {
  const type = textOf(variables, 'DestinationOSInstallType');
  return type !== '' && !/ByDiskPartition/i.test(type);
}
