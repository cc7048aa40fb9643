import { contentKind } from '../../../builder/project/answers.ts';
import { ContentFrom } from '../../../runtime/contract/content-from.ts';
import { choice, refusal, text } from '../kinds-of-question.ts';
import { existingPath } from '../paths.ts';

export const KIND = choice({
  id: 'kind',
  page: 'Kind of medium',
  flag: '--kind <kind>',
  words: 'Kind of medium',
  standard: () => 'stand-alone',
  choices: {
    'stand-alone': 'Stand-alone: everything a deployment needs is on it',
    capture: 'Capture: makes an image of a reference machine',
    prestaged: 'Prestaged: laid onto disks beforehand, in a factory',
    bootable: 'Bootable: only starts the machine, the content lies elsewhere',
  },
});

export const CONTENT_FROM = text({
  id: 'contentFrom',
  page: 'Kind of medium',
  flag: '--content-from <place>',
  words: 'Content: http://server/, \\\\server\\share or LABEL:/path',
  applies: ({ kind }) => kind === 'bootable',
  standard: () => undefined,
  needed: () => 'a bootable medium must find its content somewhere',
  check: (given) => {
    const wrong = ContentFrom.safeParse({ [contentKind(given)]: given }).error?.issues[0]?.message;
    if (wrong !== undefined) throw refusal('--content-from', `"${withoutAccount(given)}": ${wrong}`);
    return given;
  },
});

export const CONTENT_USER = text({
  id: 'contentUser',
  page: 'Kind of medium',
  flag: '--content-user <account>',
  words: 'Account for that share; the machine asks for its password',
  applies: ({ contentFrom }) => contentFrom !== undefined && contentKind(contentFrom) === 'share',
  standard: () => null,
  check: (given, _, { contentFrom: share }) => {
    const wrong = ContentFrom.safeParse({ share, user: given }).error?.issues[0]?.message;
    if (wrong !== undefined) throw refusal('--content-user', `"${given}": ${wrong}`);
    return given;
  },
});

export const BOOT_ENVIRONMENT = choice({
  id: 'bootEnvironment',
  page: 'Boot environment',
  flag: '--boot-environment <kind>',
  words: 'Boot environment, which the medium starts',
  standard: ({ given }) => (given.has('winpe') ? 'winpe' : 'linux'),
  choices: {
    linux: 'Linux: needs nothing of Microsoft',
    winpe: 'WinPE: out of your Windows ISO, ADK or boot.wim',
  },
});

export const WINPE = text({
  id: 'winpe',
  page: 'Boot environment',
  flag: '--winpe <path>',
  words: 'WinPE: a Windows ISO, the folder of the ADK, or a boot.wim',
  applies: ({ bootEnvironment }) => bootEnvironment === 'winpe',
  standard: () => undefined,
  needed: () => 'WinPE must come from somewhere',
  check: existingPath,
  examine: (path, { checkWinpe }) => checkWinpe(path),
});

/** An address with a password in it is refused, and what refuses it may be kept in a log. */
function withoutAccount(address: string): string {
  return address.replace(/(?<=:\/\/).*@/, '...@');
}
