import { STATE_FOLDER } from './state-folder.ts';

/**
 * On the drive of Windows: where the medium is, for the program that goes on there, or in a boot environment that was put
 * beside it. One line: a folder, a share, or an address of a web server.
 */
export const REMEMBERED_MEDIUM = `${STATE_FOLDER}/medium`;

/** What is remembered as the address of a web server; undefined for everything else. With a slash at its end. */
export function rememberedAddress(remembered: string | undefined): string | undefined {
  const text = remembered?.trim() ?? '';
  const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return undefined;
  return url.pathname.endsWith('/') ? url.href : `${url.href}/`;
}
