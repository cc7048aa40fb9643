import { MediasmithError } from '../../contract/errors.ts';
import { WebError } from '../../host/web-files.ts';

/** Who reads a medium from a web server: a WinPE that was started for it, or the Windows that goes on with a run. */
export type NetworkReader = 'winpe' | 'windows';

const AWAY: Readonly<Record<NetworkReader, string>> = {
  winpe:
    "Check this computer's cable and address (ipconfig), and that the web server has the medium's folder below that address. This boot image may lack the network driver.",
  windows:
    "Check this computer's cable and address (ipconfig), and that the web server has the medium's folder below that address. The sequence goes on when Windows starts the next time.",
};

/** A tree that another boot image starts: its drivers and tools are not what the medium was built with. */
export function refuseOtherImage(url: string, bootImage: string | undefined, found: string): void {
  if (bootImage === undefined || found === bootImage) return;
  throw new MediasmithError('MEDIUM_NOT_FOUND', `${url} belongs to another boot image: ${found}`, {
    where: url,
    hint: `This WinPE is the boot image ${bootImage}. Start the computer again: the web server has other files by now.`,
  });
}

/** No id at all is a damaged manifest, whose damage the verification names. */
export function refuseOther({ url, id }: { url: string; id: string | undefined }, found: string | undefined): void {
  if (id === undefined || found === undefined || found === id) return;
  throw new MediasmithError('MEDIUM_NOT_FOUND', `${url} is another medium: ${found}`, {
    where: url,
    hint: `The sequence was begun with the medium ${id}. Put its files there again, and restart Windows.`,
  });
}

/** Passes over what is wrong with one file alone. */
export function refuseAway(error: unknown): void {
  if (!(error instanceof WebError) || error.code === 'ETIMEDOUT') throw error;
}

/** `MEDIUM_NOT_FOUND`: no server, or no medium there. */
export function unreachable(url: string, cause: WebError, reader: NetworkReader = 'winpe'): MediasmithError {
  return new MediasmithError('MEDIUM_NOT_FOUND', `the medium cannot be read from ${url}`, {
    where: url,
    lines: [cause.message],
    hint: AWAY[reader],
    cause,
  });
}

/** `MEDIUM_CORRUPT`: the server answers, with something else than what the manifest says. */
export function damaged(path: string, cause: WebError): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', cause.message, {
    where: path,
    hint: 'Copy the tree to the web server again and do not change it while computers work from it.',
    cause,
  });
}
