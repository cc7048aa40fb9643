import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const captureNetworkSettings = defineStep(
  'capture-network-settings',
  {
    title: 'Capture Network Settings',
    summary: 'Reads membership and network adapters of the running Windows into what Apply Network Settings takes.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    networkMembership: z
      .boolean()
      .default(true)
      .describe('true: the domain or the workgroup')
      .meta({ variable: 'OSDMigrateNetworkMembership' }),
    adapterSettings: z
      .boolean()
      .default(true)
      .describe('true: the settings of each network adapter')
      .meta({ variable: 'OSDMigrateAdapterSettings' }),
  },
  {
    sets: ({ networkMembership, adapterSettings }) => [
      ...(networkMembership ? ['OSDNetworkJoinType', 'OSDDomainName', 'OSDWorkgroupName'] : []),
      ...(adapterSettings ? ['OSDAdapter*', 'OSDDNSDomain', 'OSDDNSSuffixSearchOrder'] : []),
    ],
  },
);
