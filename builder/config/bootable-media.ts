import type { ContentFrom } from '../../runtime/contract/content-from.ts';

/** Of a project what bootable media have something to say about. */
type Media = {
  contentFrom?: ContentFrom | undefined;
  bootEnvironment: 'linux' | 'winpe';
  winpe?: { drivers: readonly string[] } | undefined;
  unattended: boolean;
  packages: readonly { name: string }[];
  outputs: readonly { pxe?: string | undefined; mediaSize?: string | undefined }[];
} & Partial<Record<(typeof OF_CONTENT)[number], unknown>>;

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
  ...(['password', 'prestart', 'exclude', 'copyFirst'] as const),
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
    ...packages.flatMap(({ name }, index) =>
      winpe?.drivers.includes(name) ? [] : [{ path: ['packages', index], message: `the package "${name}" ${BELONGS}` }],
    ),
    ...outputs.flatMap(({ pxe, mediaSize }, index) => [
      ...(pxe === undefined ? [] : [{ path: ['outputs', index, 'pxe'], message: NO_PXE }]),
      ...(mediaSize === undefined ? [] : [{ path: ['outputs', index, 'mediaSize'], message: NO_SET }]),
    ]),
    ...(unattended && contentFrom.user !== undefined
      ? [{ path: ['contentFrom', 'user'], message: 'nobody is asked for its password on an unattended medium' }]
      : []),
  ];
}

const BELONGS =
  'belongs to the medium that contentFrom names: a bootable medium has nothing but what the machine starts from';
const NO_PXE = 'a bootable medium is an ISO or a stick: from the network the content itself is started';
const NO_SET = 'a bootable medium fits on one disc';

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
