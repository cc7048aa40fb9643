import { basename } from 'node:path';
import { MediaFile, Output } from '../../../builder/config/schema.ts';
import type { SomeAnswers } from '../../../builder/project/answers.ts';
import { choice, refusal, text } from '../kinds-of-question.ts';
import { labelFrom, nameFrom } from '../names.ts';
import { typedPath } from '../paths.ts';

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
  standard: ({ name = '' }, { given }) =>
    given.has('usb') || given.has('pxe') ? null : `${nameFrom(name, [], 'medium')}.iso`,
  check: (given) => output('iso', given),
});

export const USB = text({
  id: 'usb',
  page,
  flag: '--usb <file>',
  words: 'Image of a USB stick to write, a .img file',
  standard: () => null,
  needed: (answers) => (answers.bootEnvironment === 'winpe' ? nothingElse(answers) : undefined),
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
  // With WinPE it needs wimboot and an address, which are added in the file.
  applies: ({ bootEnvironment }) => bootEnvironment !== 'winpe',
  standard: () => null,
  needed: nothingElse,
  check: (given) => output('pxe', given),
});

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
function output(kind: 'iso' | 'usb' | 'pxe', given: string): string {
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
