import { MediasmithError } from '../contract/errors.ts';

/** `wanted`: the table of the disk, as it can be told from others. */
export function diskGone(wanted: string): MediasmithError {
  return new MediasmithError('VOLUME_NOT_FOUND', `the disk that was being deployed (${wanted}) is gone`, {
    hint: 'Connect it again, or start the sequence from its beginning.',
  });
}

/** `name`: of the volume that is to be replaced. */
export function volumeGone(name: string): MediasmithError {
  return new MediasmithError('VOLUME_NOT_FOUND', `the volume that was being replaced (${name}) is gone`, {
    hint: 'Its number is that of another one now. Start the sequence from its beginning. Nothing was changed.',
  });
}

export function severalSystemVolumes(volumes: readonly string[]): MediasmithError {
  return new MediasmithError('VOLUME_NOT_FOUND', 'the disk has several volumes that may start its Windows', {
    lines: volumes,
    hint: 'Nobody can tell which one does. Nothing was changed.',
  });
}
