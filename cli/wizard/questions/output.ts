import { basename } from 'node:path';
import { MediaFile, Output } from '../../../builder/config/schema.ts';
import type { SomeAnswers } from '../../../builder/project/answers.ts';
import { choice, refusal, text } from '../kinds-of-question.ts';
import { labelFrom, nameFrom } from '../names.ts';
import { existingFile, typedPath } from '../paths.ts';

const page = 'Output';

export const NAME = text({
  id: 'name',
  page,
  flag: '--name <name>',
  words: 'Name of the medium, on its boot menu and in reports',
  standard: (_, { folder }) => titleFrom(basename(folder)),
  needed: () => 'a medium has a name',
  check: (given) => field('name', '--name', given),
});

export const LABEL = text({
  id: 'label',
  page,
  flag: '--label <label>',
  words: 'Volume label',
  standard: ({ name = '' }) => labelFrom(name),
  needed: () => 'a medium has a label',
  check: (given) => field('label', '--label', given),
});

export const ISO = text({
  id: 'iso',
  page,
  flag: '--iso <file>',
  words: 'ISO file to write',
  applies: isCarried,
  standard: ({ name = '' }, { given }) =>
    given.has('usb') || given.has('pxe') ? null : `${nameFrom(name, [], 'medium')}.iso`,
  check: (given) => output('iso', given),
});

export const USB = text({
  id: 'usb',
  page,
  flag: '--usb <file>',
  words: 'Image of a USB stick to write, a .img file',
  applies: isCarried,
  standard: () => null,
  needed: (answers) => (answers.kind === 'bootable' ? nothingElse(answers) : undefined),
  check: (given) => output('usb', given),
});

export const LAYOUT = choice({
  id: 'layout',
  page,
  flag: '--layout <layout>',
  words: 'Volumes of the stick',
  applies: ({ usb }) => typeof usb === 'string',
  standard: () => 'fat32',
  choices: {
    fat32: 'One FAT32 volume: starts everywhere, large images are split',
    'fat32+exfat': 'FAT32 to start from, exFAT for the data: nothing is split',
  },
});

export const PXE = text({
  id: 'pxe',
  page,
  flag: '--pxe <folder>',
  words: 'Folder for a PXE server to write',
  // Not a bootable medium: from the network the content itself is started.
  applies: ({ kind }) => kind !== 'prestaged' && kind !== 'bootable',
  standard: () => null,
  needed: nothingElse,
  check: (given) => output('pxe', given),
});

const startsWinpeByPxe = ({ bootEnvironment, pxe }: SomeAnswers): boolean =>
  bootEnvironment === 'winpe' && typeof pxe === 'string';

export const PXE_URL = text({
  id: 'pxeUrl',
  page,
  flag: '--pxe-url <address>',
  words: 'Address of that folder on the web server: http://server/',
  applies: startsWinpeByPxe,
  standard: () => undefined,
  needed: () => 'Windows PE cannot find out which server it was started from',
  check: (given) => {
    if (/^https?:/i.test(given) && Output.shape.url.safeParse(given).success) return given;
    throw refusal('--pxe-url', `"${given}" is no address that begins with http:// or https://`);
  },
});

export const WIMBOOT = text({
  id: 'wimboot',
  page,
  flag: '--wimboot <file>',
  words: 'Your wimboot, by which iPXE starts Windows PE',
  applies: startsWinpeByPxe,
  standard: () => undefined,
  needed: () => 'Windows PE is started from the network by wimboot: github.com/ipxe/wimboot has it',
  check: existingFile,
});

export const WIMBOOT_SHA256 = text({
  id: 'wimbootSha256',
  page,
  flag: '--wimboot-sha256 <digest>',
  words: 'The SHA-256 it must have, by your own records',
  applies: startsWinpeByPxe,
  standard: () => undefined,
  needed: () => 'only the wimboot that was meant is put onto a server',
  check: (given) => {
    if (Output.shape.wimbootSha256.safeParse(given).success) return given.toLowerCase();
    throw refusal('--wimboot-sha256', `"${given}": 64 hexadecimal digits are needed`);
  },
});

export const PRESTAGED = text({
  id: 'prestaged',
  page,
  flag: '--prestaged <file>',
  words: 'File to write: .img for a whole disk, or .wim for its volumes',
  applies: (answers) => !isCarried(answers),
  standard: ({ name = '' }) => `${nameFrom(name, [], 'medium')}.img`,
  needed: () => 'a file must be written',
  check: (given) => output('prestaged', given),
});

export const FIRMWARE = choice({
  id: 'firmware',
  page,
  flag: '--firmware <kind>',
  words: 'How the machines start from their disk',
  applies: ({ prestaged }) => typeof prestaged === 'string' && /\.img$/i.test(prestaged),
  standard: () => 'uefi',
  choices: {
    uefi: 'UEFI: GPT, FAT32 to start from and exFAT for the data',
    bios: 'BIOS: MBR, one FAT32 volume, large images are split',
  },
});

/** To the machines, and not laid onto their disks. */
function isCarried({ kind }: SomeAnswers): boolean {
  return kind !== 'prestaged';
}

function nothingElse({ iso, usb }: SomeAnswers): string | undefined {
  return iso === null && typeof usb !== 'string'
    ? 'something must be written: an ISO file, a stick or a folder'
    : undefined;
}

function field(name: 'name' | 'label', flag: string, given: string): string {
  const wrong = MediaFile.shape[name].safeParse(given).error?.issues[0]?.message;
  if (wrong !== undefined) throw refusal(flag, `"${given}": ${wrong}`);
  return given;
}

/** A relative path counts from the project and stays in it, an absolute one may lie anywhere. */
function output(kind: 'iso' | 'usb' | 'pxe' | 'prestaged', given: string): string {
  const path = given.startsWith('~') ? typedPath(given) : given;
  const wrong = Output.safeParse({ [kind]: path }).error?.issues[0]?.message;
  if (wrong !== undefined) throw refusal(`--${kind}`, `"${given}": ${wrong}`);
  if (/(^|\/)\.\.(\/|$)/.test(path) && !path.startsWith('/')) {
    throw refusal(`--${kind}`, `"${given}" leaves the project's folder`, 'Write an absolute path.');
  }
  return path;
}

/** `branch-office` is `Branch office`. */
function titleFrom(folder: string): string {
  const words = folder
    .replace(/[-_.\s]+/g, ' ')
    .replace(/\p{C}/gu, '')
    .trim();
  return words === '' ? 'Deployment medium' : `${words[0]?.toUpperCase()}${words.slice(1, 100)}`;
}
