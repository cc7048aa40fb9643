import { WimFile } from '../../runtime/wim/wim-file.ts';

const [, , path = '', device = ''] = process.argv;
using wim = await WimFile.open(path);
await wim.applyToNtfsVolume(1, device, { onProgress: () => undefined });
