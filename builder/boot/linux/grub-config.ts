/** Where GRUB finds the boot environment on the medium. */
export const KERNEL_PATH = 'boot/vmlinuz';
export const INITRD_PATH = 'boot/initrd.img';
/** Laid over the first one where the machine reads from its network. */
export const NETWORK_INITRD_PATH = 'boot/initrd-network.img';
/** The key of those who sign the medium, laid over the others where there is one. */
export const KEY_INITRD_PATH = 'boot/initrd-key.img';
export const GRUB_CONFIG_PATH = 'boot/grub/grub.cfg';

/** The line GRUB writes to every terminal when it hands over to the kernel starts with these words. */
export const HANDOVER_WORDS = 'Mediasmith: starting';

export type GrubConfig = {
  mediumId: string;
  /** The medium is signed: what starts it needs the key. */
  signed?: boolean;
  sequences: readonly { id: string; title: string }[];
  /** Further words for the kernel's command line; GRUB puts its variables in. */
  kernelOptions?: readonly string[];
  /** Paths on the medium, before that of the key; the boot environment's own alone unless given. */
  initrds?: readonly string[];
};

/** For init: the medium names a place on the network. */
export const NETWORK_WORD = 'mediasmith.network';

/** Nothing to wait for where there is nothing to choose. */
const SECONDS_TO_CHOOSE = 10;
/** Where the key was not loaded, the runtime then says so, and takes no medium for one that nobody signs. */
const SIGNED_WORD = 'mediasmith.signed';
const KERNEL_OPTIONS = ['quiet', 'panic=30', 'console=ttyS0,115200', 'console=tty0'];

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
  { mediumId, signed = false, kernelOptions = [], initrds = [INITRD_PATH] }: GrubConfig,
  title: string,
  sequence?: string,
): string {
  const words = [...kernelWords({ mediumId, signed }, sequence), ...kernelOptions];
  const all = signed ? [...initrds, KEY_INITRD_PATH] : initrds;
  return [
    `menuentry ${quoted(title)} {`,
    `  echo ${quoted(`${HANDOVER_WORDS} ${title}`)}`,
    `  linux /${KERNEL_PATH} ${words.join(' ')}`,
    `  initrd ${all.map((path) => `/${path}`).join(' ')}`,
    '}',
    '',
  ].join('\n');
}

/** The kernel's command line for a medium, as every boot loader gives it. */
export function kernelWords(
  { mediumId, signed = false }: Pick<GrubConfig, 'mediumId' | 'signed'>,
  sequence: string | undefined,
): string[] {
  const choice = sequence === undefined ? [] : [`mediasmith.sequence=${checkedWord(sequence)}`];
  return [...KERNEL_OPTIONS, `mediasmith.medium=${checkedWord(mediumId)}`, ...(signed ? [SIGNED_WORD] : []), ...choice];
}

/** GRUB joins the kernel's command line from words, so an identifier must be one. */
function checkedWord(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw new Error(`not an identifier: ${JSON.stringify(text)}`);
  return text;
}

/** GRUB reads single quotes as a shell does: nothing is special between them, and a quote cannot be among them. */
function quoted(title: string): string {
  return `'${title.replace(/\p{Cc}+/gu, ' ').replaceAll("'", "'\\''")}'`;
}
