import { draftSequence } from '../../../../builder/project/project-sequences.ts';
import { listTemplates } from '../../../../builder/templates.ts';
import * as prompts from '../../../../cli/wizard/prompts.ts';
import type { AskContext } from '../../../../cli/wizard/question.ts';
import type { WimImage } from '../../../../runtime/wim/wim-image.ts';

/** Two editions of one Windows, as a file of Microsoft's has them. */
export const EDITIONS: WimImage[] = [
  ['Windows 11 Home', 'Core'],
  ['Windows 11 Pro', 'Professional'],
].map(([name = '', edition = ''], index) => ({
  index: index + 1,
  name,
  description: '',
  bytes: 16 * 1024 ** 3,
  files: 1,
  directories: 1,
  windows: {
    architecture: 'x64',
    edition,
    installationType: 'Client',
    productName: name,
    version: '10.0.26100.1',
    languages: ['de-DE'],
    defaultLanguage: 'de-DE',
  },
}));

/** Where nobody can be asked, every file is a WIM of both editions, and it is the first of May 2027. */
export async function wizardContext(change: Partial<AskContext> = {}): Promise<AskContext> {
  return {
    signal: AbortSignal.abort(),
    prompts,
    folder: '/projects/branch-office',
    today: new Date('2027-05-01T00:00:00Z'),
    columns: 80,
    templates: await listTemplates(),
    given: new Set(),
    say: (text) => {
      throw new Error(`nobody is there who would read "${text}"`);
    },
    readImages: async () => EDITIONS,
    checkWinpe: async () => undefined,
    checkSequence: async (sequence) => void (await draftSequence(sequence)),
    ...change,
  };
}
