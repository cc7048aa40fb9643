import type { ContentFrom } from '../../runtime/contract/content-from.ts';

/** Of a project what bootable media have something to say about. */
type Media = {
  contentFrom?: ContentFrom | undefined;
  bootEnvironment: 'linux' | 'winpe';
  winpe?: { drivers: readonly string[] } | undefined;
  unattended: boolean;
  packages: readonly { name: string }[];
  outputs: readonly {
    pxe?: string | undefined;
    mediaSize?: string | undefined;
    prestaged?: string | undefined;
  }[];
} & Partial<Record<(typeof OF_CONTENT)[number] | 'copyFirst', unknown>>;

/** Fields that say what is on a medium or what runs from it. */
const OF_CONTENT = [
  ...([
    'sequences',
    'images',
    'applications',
    'upgradePackages',
    'variables',
    'machines',
    'preferredSequence',
  ] as const),
  ...(['password', 'prestart', 'exclude'] as const),
];

/** What is wrong between `contentFrom` and the rest of a project; without it, that there is no sequence. */
export function bootableProblems(media: Media): { path: PropertyKey[]; message: string }[] {
  const { contentFrom, winpe, unattended, packages, outputs } = media;
  if (contentFrom === undefined) {
    const none = Array.isArray(media.sequences) && media.sequences.length === 0;
    return none ? [{ path: ['sequences'], message: 'name at least one task sequence' }] : [];
  }
  const given = OF_CONTENT.filter((field) => isGiven(media[field]));
  return [
    ...given.map((field) => ({ path: [field], message: `${field} ${BELONGS}` })),
    ...(isGiven(media.copyFirst) ? [{ path: ['copyFirst'], message: NO_COPY }] : []),
    ...packages.flatMap(({ name }, index) =>
      winpe?.drivers.includes(name) ? [] : [{ path: ['packages', index], message: `the package "${name}" ${BELONGS}` }],
    ),
    ...outputs.flatMap(({ pxe, mediaSize, prestaged }, index) => [
      ...(pxe === undefined ? [] : [{ path: ['outputs', index, 'pxe'], message: NO_PXE }]),
      ...(mediaSize === undefined ? [] : [{ path: ['outputs', index, 'mediaSize'], message: NO_SET }]),
      ...(prestaged === undefined ? [] : [{ path: ['outputs', index, 'prestaged'], message: NOT_PRESTAGED }]),
    ]),
    ...(unattended && contentFrom.user !== undefined
      ? [{ path: ['contentFrom', 'user'], message: 'nobody is asked for its password on an unattended medium' }]
      : []),
  ];
}

const BELONGS =
  'belongs to the medium that contentFrom names: a bootable medium has nothing but what the machine starts from';
const NO_COPY =
  'copyFirst has no effect on content that lies elsewhere: it is read from there until the sequence has ended';
const NO_PXE = 'a bootable medium is an ISO or a stick: from the network the content itself is started';
const NO_SET = 'a bootable medium fits on one disc';
const NOT_PRESTAGED =
  'a bootable medium has no content that could lie on a disk beforehand: prestage the medium that contentFrom names';

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
