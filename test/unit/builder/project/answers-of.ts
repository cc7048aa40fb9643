import { completeAnswers, type ProjectAnswers, type SomeAnswers } from '../../../../builder/project/answers.ts';

/** Answers of somebody who pressed Enter everywhere, with one image; changed as a test wants it. */
export function answersOf(change: SomeAnswers = {}): ProjectAnswers {
  return completeAnswers({
    kind: 'stand-alone',
    bootEnvironment: 'linux',
    images: [
      {
        name: 'windows-11-pro',
        source: '/sources/install.wim',
        image: 'Windows 11 Pro',
        facts: 'x64, en-US',
        language: 'en-US',
      },
    ],
    sequences: [{ template: 'install-image', values: { image: 'windows-11-pro' } }],
    unattended: false,
    validUntil: null,
    keyboard: 'en-US',
    passwordFile: null,
    signingKey: null,
    name: 'Branch office',
    label: 'BRANCH_OFFI',
    iso: 'branch-office.iso',
    usb: null,
    ...change,
  });
}
