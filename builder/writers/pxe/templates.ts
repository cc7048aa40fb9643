import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fromText, type MediaTree } from '../../media-tree.ts';
import { PXE_PATHS } from './paths.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/pxe/', import.meta.url));

/** A template of templates/pxe with every `{{name}}` filled in. A name nobody gives is an error of ours. */
export async function fillTemplate(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  return (await readFile(`${FOLDER}${name}`, 'utf8')).replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${name} wants {{${key}}}`);
    return value;
  });
}

/** What an administrator fills in and copies: none of it is in the manifest, so that it may be changed. */
export async function serverTexts(
  readme: string,
  values: Readonly<Record<string, string>> & { bios: string; uefi: string },
): Promise<MediaTree> {
  return new Map([
    [PXE_PATHS.dnsmasq, fromText(await fillTemplate('dnsmasq.conf', values))],
    [PXE_PATHS.nginx, fromText(await fillTemplate('nginx.conf', values))],
    [PXE_PATHS.caddy, fromText(await fillTemplate('Caddyfile', values))],
    [PXE_PATHS.readme, fromText(await fillTemplate(readme, values))],
  ]);
}
