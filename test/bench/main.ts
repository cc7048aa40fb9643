import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { benchApply } from './apply-wim.ts';
import { benchBuild } from './build-iso.ts';
import type { BenchResult } from './compare.ts';
import { benchStart } from './start-runtime.ts';
import { benchBootImage } from './update-boot-wim.ts';

// `npm run bench [-- --json]`: our times beside those of the tools we build on, by turns in one run.
const results: BenchResult[] = [];
for (const bench of [benchStart, benchApply, benchBootImage, benchBuild]) {
  const found = await bench();
  for (const result of Array.isArray(found) ? found : [found]) {
    results.push(result);
    const { name, ratio, yardstick, ours, theirs } = result;
    const runs = [ours, theirs].map(({ seconds, peakBytes }) => `${seconds.toFixed(3)} s, ${formatBytes(peakBytes)}`);
    process.stderr.write(`${ratio.toFixed(2)}  ${name}\n      ours ${runs[0]}; theirs ${runs[1]}: ${yardstick}\n`);
  }
}
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ results })}\n`);
