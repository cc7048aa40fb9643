import type { Notes, Place } from '../mapping.ts';
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

/** MDT repeats disk 0, partition 1 also where it means the next formatted partition. */
function usesMdtType(variables: SourceStep['variables']): boolean {
  const type = textOf(variables, 'DestinationOSInstallType');
  return type !== '' && !/ByDiskPartition/i.test(type);
}
