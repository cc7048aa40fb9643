import type { AnswerFile } from '../answer-file/document.ts';
import { type AnswerNode, node } from '../answer-file/nodes.ts';

const COMPONENT = 'Microsoft-Windows-UnattendedJoin';

export type MembershipWish = {
  workgroup?: string | undefined;
  domain?: string | undefined;
  organizationalUnit?: string | undefined;
  account?: string | undefined;
  password?: string | undefined;
};

/**
 * What Windows joins, in place of what another step has said. The password stands there as it is: Windows knows no other
 * form of this one, and removes it from the file once it has joined.
 */
export function writeMembership(answers: AnswerFile, wish: MembershipWish): void {
  const { workgroup, domain, organizationalUnit } = wish;
  if (domain === undefined && workgroup === undefined) return;
  const identification =
    domain === undefined
      ? [node('JoinWorkgroup', workgroup ?? '')]
      : [
          node('Credentials', credentials(wish)),
          node('JoinDomain', domain),
          ...(organizationalUnit === undefined ? [] : [node('MachineObjectOU', organizationalUnit)]),
        ];
  answers.replace('specialize', COMPONENT, 'Identification', identification);
}

/** A name with its domain behind an @ goes without the element Domain (Microsoft: "Credentials"). */
function credentials({ account = '', password = '' }: MembershipWish): AnswerNode[] {
  const [, domain, user] = /^([^\\]+)\\(.*)$/.exec(account) ?? [];
  return [
    ...(domain === undefined ? [] : [node('Domain', domain)]),
    ...(password === '' ? [] : [node('Password', password)]),
    node('Username', user ?? account),
  ];
}
