import { MediasmithError } from '../../runtime/contract/errors.ts';
import { sizeOf } from '../block-device.ts';
import { type OpenedStick, openStick } from '../stick/open-stick.ts';
import { type MediumFiles, placedFiles, type StickFacts } from './medium-files.ts';

/**
 * The files of a stick or of an image of one, read without mounting it; undefined where it is none of ours. `MEDIUM_CORRUPT`
 * where its tables contradict each other or cannot be read.
 */
export async function stickFiles(path: string): Promise<MediumFiles | undefined> {
  try {
    const stick = await openStick(path);
    return stick === undefined ? undefined : filesOfStick(path, stick, await sizeOf(path));
  } catch (error) {
    throw damaged(path, error);
  }
}

/** Of two volumes with a file of one name, that of the volume with the manifest counts. `bytes`: of the whole stick. */
export function filesOfStick(path: string, stick: OpenedStick, bytes = endOf(stick)): MediumFiles {
  const { volumes } = stick;
  const places = [...volumes].reverse().flatMap(({ start, volume }) =>
    [...volume.files].map(([name, { extents }]) => {
      const parts = extents.map(({ offset, bytes }) => ({ offset: start + offset, bytes }));
      return [name, { file: path, parts }] as const;
    }),
  );
  const sorted = [...new Map(places)].sort(([, a], [, b]) => (a.parts[0]?.offset ?? 0) - (b.parts[0]?.offset ?? 0));
  return placedFiles(new Map(sorted), { path, kind: 'stick', stick: factsOf(stick, bytes) });
}

function factsOf({ table, volumes }: OpenedStick, bytes: number): StickFacts {
  return {
    partitionTable: table,
    layout: volumes.length > 1 ? 'fat32+exfat' : 'fat32',
    bytes,
    volumes: volumes.map(({ kind, volume }) => ({
      fileSystem: kind,
      label: volume.label,
      bytes: volume.bytes,
      freeBytes: volume.freeBytes,
    })),
  };
}

const endOf = ({ volumes }: OpenedStick): number =>
  Math.max(...volumes.map(({ start, volume }) => start + volume.bytes));

function damaged(path: string, error: unknown): unknown {
  const { code, message, hint } = error as Partial<MediasmithError>;
  if (code !== 'MEDIUM_CORRUPT' && String(code) !== 'EIO') return error;
  return new MediasmithError('MEDIUM_CORRUPT', `${path} is damaged: ${message}`, {
    where: path,
    hint: hint ?? 'Use another stick: what this one cannot read today it loses tomorrow.',
    cause: error,
  });
}
