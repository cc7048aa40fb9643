import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { MediaProject } from '../config/load.ts';
import { fromText, type MediaTree } from '../media-tree.ts';

/**
 * What says outside of our own files what a medium is: ConfigMgr's text of it, and Windows' autorun.inf where that was
 * asked for. `program`: what a person starts at the root of the medium, if there is such a thing.
 */
export function labelFiles({ label, autorun }: Pick<MediaProject, 'label' | 'autorun'>, program?: string): MediaTree {
  const tree: MediaTree = new Map([[MEDIUM_PATHS.label, fromText(`label=${label}\r\n`)]]);
  if (autorun) tree.set(MEDIUM_PATHS.autorun, fromText(autorunText(label, program)));
  return tree;
}

function autorunText(label: string, program: string | undefined): string {
  const start = program === undefined ? [] : [`open=${program}`, `icon=${program},0`];
  return ['[autorun]', `label=${label}`, ...start, ''].join('\r\n');
}
