import { WimFile } from '../../runtime/wim/wim-file.ts';

// Applies an image as a running sequence does, and prints how long it took from opening the WIM to closing it.
const [, , path = '', device = ''] = process.argv;
const start = performance.now();
{
  using wim = await WimFile.open(path);
  await wim.applyToNtfsVolume(1, device, { onProgress: () => undefined });
}
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
