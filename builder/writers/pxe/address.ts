import { MediasmithError } from '../../../runtime/contract/errors.ts';

/** How the boot loaders write the address of the tree on the web server. */
export type TreeAddress = { grub: string; ipxe: string; text: string };

/** GRUB, iPXE and the kernel's command line each give some other character a meaning. */
const PLAIN = /^[\w.:/%@~+,=[\]-]+$/;

/**
 * The address as given, with a slash at its end; or, without one, the top of the web server on the computer that sent the
 * boot files: GRUB knows it, and templates/pxe/*.ipxe find it out. `PROJECT_INVALID` for what is no such address.
 */
export function treeAddress(url: string | undefined): TreeAddress {
  if (url === undefined) {
    return {
      grub: 'http://$net_default_server/',
      ipxe: `http://\${server}/`,
      text: 'http://SERVER/, where SERVER is the address the boot files came from',
    };
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || !PLAIN.test(parsed.href)) {
    throw new MediasmithError('PROJECT_INVALID', `not the address of a folder on a web server: ${url}`, {
      hint: 'Give it as http://server/folder/, without question mark, hash and quotes.',
    });
  }
  const address = parsed.href.endsWith('/') ? parsed.href : `${parsed.href}/`;
  return { grub: address, ipxe: address, text: address };
}
