export type { Compare, Comparison } from './condition/comparison.ts';
export { evaluateCondition } from './condition/evaluate.ts';
export { CONDITION_DEPTH, Condition, LEAF_CONDITIONS, type LeafCondition } from './condition/schema.ts';
export { VARIABLE_OPERATORS, VariableCondition } from './condition/variable.ts';
export { variablesRead } from './condition/variables-read.ts';
export type { Verdict } from './condition/verdict.ts';
