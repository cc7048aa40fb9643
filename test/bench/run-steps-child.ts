import { Variables } from '../../runtime/contract/variables.ts';
import { runSequence } from '../../runtime/engine/run-sequence.ts';
import { folderState } from '../../runtime/platform/state-folder.ts';
import { Sequence } from '../../runtime/sequence/schema.ts';
import { FakePlatform } from '../helpers/fake-platform.ts';
import { aMachine } from '../helpers/machine.ts';
import { aManifest } from '../helpers/manifest.ts';
import { aJournal, scriptedExec } from '../helpers/run.ts';

const [, , folder = '', count = '0', how = ''] = process.argv;
const steps = Array.from({ length: Number(count) }, (_, index) => ({
  step: 'set-variable',
  name: `Step ${index}`,
  variable: `Variable${index % 50}`,
  value: String(index),
}));
const state = folderState(folder, folder);
const journal = aJournal();
await journal.moveTo({
  ...state,
  append: (bytes, { sync }) => state.append(bytes, { sync: sync && how === 'sync' }),
});
const machine = aMachine();
const outcome = await runSequence(Sequence.parse({ formatVersion: 2, id: 'bench', name: 'Bench', steps }), {
  platform: new FakePlatform(folder, { machine }),
  exec: scriptedExec([]),
  machine,
  medium: { root: folder, device: '', disk: '', launchMode: 'UFD', manifest: aManifest() },
  variables: new Variables(),
  journal,
  ask: undefined,
  logFile: '',
  emit: () => undefined,
  signal: new AbortController().signal,
  wait: async () => undefined,
});
await journal.close();
if (outcome.error !== undefined) throw outcome.error;
