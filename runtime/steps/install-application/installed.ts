import { z } from 'zod';
import type { Variables } from '../../contract/variables.ts';

/** Survives a restart as every variable does. */
const VARIABLE = '_MediasmithInstalledApplications';
const Names = z.array(z.string());

/** The applications that this run has installed, also before a restart. */
export function installedApplications(variables: Variables): ReadonlySet<string> {
  const value = variables.get(VARIABLE);
  return new Set(value === undefined ? [] : Names.parse(JSON.parse(value)));
}

export function rememberInstalled(name: string, variables: Variables): void {
  variables.set(VARIABLE, JSON.stringify([...installedApplications(variables), name]));
}
