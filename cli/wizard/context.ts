import { cacheFolder } from '../../builder/cache-folder.ts';
import { WinpeOptions } from '../../builder/config/schema.ts';
import { draftSequence } from '../../builder/project/project-sequences.ts';
import { readImages } from '../../builder/project/read-images.ts';
import { resolveWinpe } from '../../builder/resolve/resolve-winpe.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import type { SourceContext } from '../../builder/sources/source-tree.ts';
import { listTemplates } from '../../builder/templates.ts';
import { exec } from '../../runtime/host/exec.ts';
import type { Session } from '../session.ts';
import type { Given } from './ask-all.ts';
import { fit } from './fit.ts';
import * as prompts from './prompts.ts';
import type { AskContext } from './question.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What stands around the title of a stage on the screen. */
const AROUND_TITLE = 12;

/** What the questions are asked and checked with: the terminal, the builder's own readers, the templates. */
export async function askContext(session: Session, folder: string, given: Given): Promise<AskContext> {
  const columns = prompts.screenColumns();
  const reading = <T>(source: string, read: (context: SourceContext) => Promise<T>): Promise<T> => {
    const stage = { name: 'sources', title: fit(`Read ${source}`, columns - AROUND_TITLE) };
    return session.progress([stage], async (emit) => {
      const started = performance.now();
      emit({ event: 'stage-started', ...stage });
      const result = await read({ exec, emit, signal: session.signal, cacheFolder: cacheFolder() });
      emit({ event: 'stage-finished', ...stage, seconds: (performance.now() - started) / 1000 });
      return result;
    });
  };
  return {
    signal: session.signal,
    prompts,
    folder,
    today: new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS),
    columns,
    templates: await listTemplates(),
    given: new Set(given.keys()),
    say: (text) => void process.stderr.write(`${text}\n`),
    readImages: (source) => reading(source, (context) => readImages(source, context)),
    checkWinpe: async (source) => {
      const options = WinpeOptions.parse({ source });
      const memory = new SourceMemory(cacheFolder());
      await reading(source, (context) => resolveWinpe(options, [], { ...context, memory, verifySources: false }));
    },
    checkSequence: async (sequence) => void (await draftSequence(sequence)),
  };
}
