import { choice, text } from '../kinds-of-question.ts';
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
