import {
  HANDOVER_WORDS,
  INITRD_PATH,
  KERNEL_PATH,
  kernelWords,
  ownInitrds,
} from '../../../runtime/contract/linux-start.ts';

export const GRUB_CONFIG_PATH = 'boot/grub/grub.cfg';

export type GrubConfig = {
  mediumId: string;
  /** The medium is signed: what starts it needs the key. */
  signed?: boolean;
  /** The medium brings a keymap. */
  keyboard?: boolean;
  sequences: readonly { id: string; title: string }[];
  /** Further words for the kernel's command line; GRUB puts its variables in. */
  kernelOptions?: readonly string[];
  /** Paths on the medium, before those of the keymap and the key; the boot environment's own alone unless given. */
  initrds?: readonly string[];
};

/** For init: the medium names a place on the network. */
export const NETWORK_WORD = 'mediasmith.network';

/** Nothing to wait for where there is nothing to choose. */
const SECONDS_TO_CHOOSE = 10;
/**
 * The boot menu of a medium: `templates/linux/grub.cfg` with an entry per task sequence. With several sequences the
 * first entry names none, so that the runtime asks.
 */
export function renderGrubConfig(template: string, config: GrubConfig): string {
  const several = config.sequences.length > 1;
  const named = config.sequences.map(({ id, title }) => entry(config, title, id));
  const asking = config.sequences.length === 1 ? [] : [entry(config, 'Choose a task sequence')];
  return template
    .replace('{{timeout}}', String(several ? SECONDS_TO_CHOOSE : 0))
    .replace('{{entries}}', () => [...asking, ...named].join('\n'));
}

function entry(
  { mediumId, signed = false, keyboard = false, kernelOptions = [], initrds = [INITRD_PATH] }: GrubConfig,
  title: string,
  sequence?: string,
): string {
  const words = [...kernelWords({ mediumId, signed, keyboard }, sequence), ...kernelOptions];
  const all = [...initrds, ...ownInitrds({ signed, keyboard })];
  return [
    `menuentry ${quoted(title)} {`,
    `  echo ${quoted(`${HANDOVER_WORDS} ${title}`)}`,
    `  linux /${KERNEL_PATH} ${words.join(' ')}`,
    `  initrd ${all.map((path) => `/${path}`).join(' ')}`,
    '}',
    '',
  ].join('\n');
}

/** GRUB reads single quotes as a shell does: nothing is special between them, and a quote cannot be among them. */
function quoted(title: string): string {
  return `'${title.replace(/\p{Cc}+/gu, ' ').replaceAll("'", "'\\''")}'`;
}
