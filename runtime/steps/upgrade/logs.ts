import type { VolumeFiles } from '../../platform/platform.ts';
import { decodeLog } from '../../platform/winpe/run-tool.ts';
import { lastFailure, type SetupFailure } from './extend-code.ts';

/** Setup's folders of logs, the one that says most of a rollback first (Microsoft: "Windows Setup Log Files"). */
const ROLLBACK = '$WINDOWS.~BT/Sources/Rollback';
const PANTHER = '$WINDOWS.~BT/Sources/Panther';
/** Errors alone; setupact.log, which has everything, may have a hundred megabytes. */
const ERRORS = 'setuperr.log';
const LINES = 12;

export type SetupLogs = {
  /** Where to read on. */
  place: string;
  /** The end of the errors. */
  lines: string[];
  failure: SetupFailure | undefined;
};

/** What Setup's logs on the drive of Windows say of its last failure. */
export async function readSetupLogs(files: VolumeFiles, drive: string): Promise<SetupLogs> {
  for (const folder of [ROLLBACK, PANTHER]) {
    const content = await files.read(`${folder}/${ERRORS}`);
    if (content === undefined) continue;
    const text = decodeLog(content);
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    return { place: placeOf(folder, drive), lines: lines.slice(-LINES), failure: lastFailure(text) };
  }
  return { place: placeOf(PANTHER, drive), lines: [], failure: undefined };
}

function placeOf(folder: string, drive: string): string {
  return `${drive}\\${folder.replaceAll('/', '\\')}`;
}
