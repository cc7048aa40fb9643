/** Of a project what prestaged media have something to say about. */
type Media = {
  bootEnvironment: 'linux' | 'winpe';
  copyFirst: boolean;
  outputs: readonly Output[];
};
type Output = { prestaged?: string | undefined; layout?: string | undefined; partitionTable?: string | undefined } & {
  [Field in (typeof OF_OTHERS)[number] | 'size']?: unknown;
};

/** Fields of PXE trees; what discs are made of is refused with every output but iso. */
const OF_OTHERS = ['url', 'wimboot', 'wimbootSha256'] as const;

/** What is wrong with the prestaged outputs of a project. */
export function prestagedProblems({ outputs, ...media }: Media): { path: PropertyKey[]; message: string }[] {
  return outputs.flatMap((output, index) =>
    output.prestaged === undefined
      ? []
      : reasonsAgainst(output, media).map(([field, message]) => ({ path: ['outputs', index, field], message })),
  );
}

function reasonsAgainst(output: Output, { bootEnvironment, copyFirst }: Omit<Media, 'outputs'>): [string, string][] {
  const { prestaged = '', layout = 'fat32+exfat', partitionTable = 'gpt' } = output;
  const ofImage = (['partitionTable', 'size'] as const).filter((field) => output[field] !== undefined);
  return [
    ...OF_OTHERS.filter((field) => output[field] !== undefined).map((field): [string, string] => [
      field,
      `${field} has no meaning for a prestaged medium`,
    ]),
    ...(/\.wim$/i.test(prestaged)
      ? ofImage.map((field): [string, string] => [field, `${field} belongs to a prestaged .img: ${PARTITIONS}`])
      : combination(layout, partitionTable, bootEnvironment)),
    ...(copyFirst ? [['prestaged', NOTHING_TO_COPY] as [string, string]] : []),
  ];
}

function combination(layout: string, partitionTable: string, bootEnvironment: 'linux' | 'winpe'): [string, string][] {
  if (layout === 'fat32+exfat' && partitionTable === 'mbr') return [['partitionTable', TOO_MANY]];
  if (layout === 'fat32' && partitionTable === 'gpt' && bootEnvironment === 'winpe') return [['layout', NO_LETTER]];
  return [];
}

const PARTITIONS = 'whoever applies a WIM has made the partitions';
const TOO_MANY =
  'a disk with mbr has room for four partitions, and Windows needs three of them: a prestaged medium with mbr takes layout: fat32';
const NO_LETTER =
  'in an EFI system partition alone WinPE would not find its medium, because it gives that no drive letter: use fat32+exfat, or mbr';
const NOTHING_TO_COPY =
  'copyFirst and prestaged contradict each other: a prestaged medium lies on the disk already, and leaves it at the end';
