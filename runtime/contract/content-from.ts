import { z } from 'zod';

const URL_WORDS = 'an address that begins with http:// or https://, without user, password, question mark and hash';
const SHARE_WORDS = 'a folder on a file server: \\\\server\\share or \\\\server\\share\\folder';
const FOLDER_WORDS = 'the label of a volume, a colon and the path of a folder on it: DATA:/mediasmith';

/** Where a bootable medium has its sequences and content: exactly one of three. */
export const ContentFrom = z
  .strictObject({
    url: z
      .string()
      .refine(isPlainUrl, URL_WORDS)
      .optional()
      .describe('A web server: the address of the folder that the output pxe has written, or of a copy of any medium'),
    share: z
      .string()
      .refine((text) => parseShare(text) !== undefined, SHARE_WORDS)
      .optional()
      .describe('A file server: \\\\server\\share\\folder, with the files of a medium in it'),
    user: z
      .string()
      .regex(/^[^\p{Cc}"/[\]:;|=,+*?<>]{1,255}$/u, 'an account: name, DOMAIN\\name or name@domain')
      .optional()
      .describe('share: the account for it; its password is asked for at the machine and never on the medium'),
    folder: z
      .string()
      .refine((text) => parseFolder(text) !== undefined, FOLDER_WORDS)
      .optional()
      .describe('A folder on another stick, or on a disk of the machine: LABEL:/path, LABEL being that of the volume'),
  })
  .refine(
    ({ url, share, folder }) => [url, share, folder].filter((place) => place !== undefined).length === 1,
    'name exactly one of url, share and folder',
  )
  .refine(({ share, user }) => user === undefined || share !== undefined, {
    path: ['user'],
    message: 'only a share has a user',
  });
export type ContentFrom = z.infer<typeof ContentFrom>;

/** The same, taken apart. `path` has forward slashes, none at either end, and is empty for the root. */
export type ContentPlace =
  | { kind: 'url'; url: URL }
  | { kind: 'share'; server: string; share: string; path: string; user: string | undefined }
  | { kind: 'folder'; label: string; path: string };

/** The address ends with a slash. An ordinary Error for what {@link ContentFrom} refuses. */
export function contentPlace({ url, share, user, folder }: ContentFrom): ContentPlace {
  if (url !== undefined) return { kind: 'url', url: new URL(url.endsWith('/') ? url : `${url}/`) };
  const onServer = share === undefined ? undefined : parseShare(share);
  if (onServer !== undefined) return { kind: 'share', ...onServer, user };
  const onVolume = folder === undefined ? undefined : parseFolder(folder);
  if (onVolume !== undefined) return { kind: 'folder', ...onVolume };
  throw new Error('a place for content that is none');
}

/** For logs, questions and errors; an address as a browser takes it, a share as Windows writes it. */
export function placeInWords(place: ContentPlace): string {
  if (place.kind === 'url') return place.url.href;
  if (place.kind === 'share') return uncPath(place);
  return `${place.label}:/${place.path}`;
}

/** `\\server\share\folder`. */
export function uncPath({ server, share, path }: Pick<ContentPlace & { kind: 'share' }, 'server' | 'share' | 'path'>) {
  return `\\\\${[server, share, ...(path === '' ? [] : path.split('/'))].join('\\')}`;
}

/** Whether the machine needs its network to read from there. */
export function isOnNetwork({ folder }: ContentFrom): boolean {
  return folder === undefined;
}

function isPlainUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined && /^https?:$/.test(url.protocol) && !/[?#]/.test(text) && url.username + url.password === ''
  );
}

function parseShare(text: string): { server: string; share: string; path: string } | undefined {
  const match = /^(?:\\\\|\/\/)([\w.-]+)[\\/]([^\\/]+)(.*)$/u.exec(text);
  const [, server = '', share = '', rest = ''] = match ?? [];
  const path = plainPath(rest);
  return match === null || path === undefined || !isPlainName(share) ? undefined : { server, share, path };
}

/**
 * A single letter would be taken for that of a drive, which another machine gives to another one. Two slashes are those of
 * an address: `ftp://server` is no volume named ftp.
 */
function parseFolder(text: string): { label: string; path: string } | undefined {
  const [, label = '', rest] = /^([^:\\/\p{Cc}]{2,32}):([\\/](?![\\/]).*)$/u.exec(text) ?? [];
  const path = rest === undefined ? undefined : plainPath(rest);
  return path === undefined ? undefined : { label, path };
}

function plainPath(text: string): string | undefined {
  const parts = text.split(/[\\/]+/).filter((part) => part !== '');
  return parts.every(isPlainName) ? parts.join('/') : undefined;
}

/** What Windows takes for a name, and what stays below the folder it is in. */
function isPlainName(name: string): boolean {
  return !/[\p{Cc}"*:<>?|]/u.test(name) && !/^\.+$/.test(name);
}
