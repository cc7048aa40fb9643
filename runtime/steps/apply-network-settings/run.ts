import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { editAnswerFile } from '../answer-file.ts';
import type { Run } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';
import { refuseUnset } from '../unset-variables.ts';
import { type AdapterToSet, maskBits, writeAdapters, writeDns } from './adapters.ts';
import { writeMembership } from './membership.ts';
import type { NetworkAdapterWish } from './schema.ts';

type Options = StepOptions<'apply-network-settings'>;

/** What the options say takes the place of what another step has said before, as in ConfigMgr; the rest of the answer file stays. */
export const runApplyNetworkSettings: Run<Options> = async (options, context) => {
  const { domain, workgroup, account, password, adapters } = options;
  hideSecret(context.variables, password);
  refuseUnset(options);
  if (domain !== undefined && account === undefined) {
    throw new MediasmithError('STEP_FAILED', `no account is given that may join the domain ${domain}`, {
      hint: 'Set the option account, or the variable OSDJoinAccount. Nothing was written.',
    });
  }
  refuseBadMasks(adapters ?? []);
  const toSet = identifyAdapters(adapters ?? [], context.machine.macAddresses);
  const path = await editAnswerFile(context, (answers) => {
    writeMembership(answers, options);
    writeDns(answers, options);
    if (adapters !== undefined) writeAdapters(answers, toSet);
  });
  const joined = domain === undefined ? workgroup && `workgroup ${workgroup}` : `domain ${domain}`;
  if (joined !== undefined) context.log('info', `Windows will join ${joined}`);
  for (const { name, macAddress, dhcp } of toSet)
    context.log('info', `adapter ${name ?? macAddress} (${macAddress}): ${dhcp ? 'DHCP' : 'fixed addresses'}`);
  context.log('info', `answer file written: ${path}`);
};

/** Adapters without a MAC address are those of the inventory that no other wish names, in its order. Pure. */
export function identifyAdapters(wishes: readonly NetworkAdapterWish[], inventory: readonly string[]): AdapterToSet[] {
  const plain = (mac: string): string => mac.toUpperCase().replaceAll('-', ':');
  const named = new Set(wishes.flatMap(({ macAddress }) => (macAddress === undefined ? [] : [plain(macAddress)])));
  const left = inventory.map(plain).filter((mac) => !named.has(mac));
  return wishes.map((wish, index) => {
    const macAddress = wish.macAddress === undefined ? left.shift() : plain(wish.macAddress);
    if (macAddress !== undefined) return { ...wish, macAddress };
    throw new MediasmithError(
      'STEP_FAILED',
      `the machine has no network adapter left for the settings of ${wish.name ?? `adapter ${index + 1}`}`,
      { lines: inventory.map((mac) => `there is: ${mac}`), hint: 'Take out settings, or name adapters by macAddress.' },
    );
  });
}

function refuseBadMasks(adapters: readonly NetworkAdapterWish[]): void {
  const bad = adapters.flatMap(({ subnetMasks }) => subnetMasks).filter((mask) => maskBits(mask) === undefined);
  if (bad.length === 0) return;
  throw new MediasmithError('STEP_FAILED', 'a subnet mask is none', {
    lines: bad,
    hint: 'A subnet mask is like 255.255.255.0. Nothing was written.',
  });
}
