import { expected, isWord, type Name, TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';
import { WqlError } from './wql-error.ts';

export type Literal = { value: string | number | boolean; column: number };
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { kind: 'and'; parts: Expression[] }
  | { kind: 'or'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'compare'; property: Name; operator: Comparison; literal: Literal }
  | { kind: 'like'; property: Name; pattern: string }
  | { kind: 'null'; property: Name };

/** `properties` is empty for `*`. */
export type Query = { properties: Name[]; className: Name; where: Expression | undefined };

const MOST_PARENTHESES = 64;

const REFUSED_STARTS = ['ASSOCIATORS', 'REFERENCES'];
const REFUSED_CLAUSES = ['WITHIN', 'GROUP', 'HAVING', 'ORDER', 'JOIN', 'BY'];
const REFUSED_OPERATORS = ['ISA', 'IN', 'BETWEEN'];

const MIRRORED: Record<Comparison, Comparison> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Reads `SELECT * | properties FROM class [WHERE expression]`. NOT binds more than AND, AND more than OR. What else WQL
 * has (associators, events, schema queries) is refused by name.
 *
 * @throws WqlError
 */
export function parseWql(query: string): Query {
  const reader = new TokenReader(query);
  const start = reader.next();
  if (isWord(start, ...REFUSED_STARTS)) {
    throw new WqlError(`${start.text.toUpperCase()} OF is not supported`, start.column, 'Write a SELECT query.');
  }
  if (!isWord(start, 'SELECT')) throw expected('SELECT', start);
  const properties = selectList(reader);
  reader.takeWord('FROM');
  const className = reader.name('the name of a class');
  const where = reader.tryWord('WHERE') ? either(reader, 0) : undefined;
  const rest = reader.next();
  if (isWord(rest, ...REFUSED_CLAUSES)) throw new WqlError(`${rest.text.toUpperCase()} is not supported`, rest.column);
  if (rest.kind !== 'end') throw expected(where === undefined ? 'WHERE' : 'AND, OR', rest, 'or the end of the query');
  return { properties, className, where };
}

function selectList(reader: TokenReader): Name[] {
  if (reader.trySymbol('*')) return [];
  const properties = [];
  do {
    const name = reader.name('* or the name of a property');
    const after = reader.peek();
    if (after.text === '(') {
      throw new WqlError(`${name.text.toUpperCase()}(...) is not supported`, name.column, 'Write SELECT * instead.');
    }
    if (after.text === '.') throw new WqlError('an embedded object is not supported', after.column);
    properties.push(name);
  } while (reader.trySymbol(','));
  return properties;
}

function either(reader: TokenReader, depth: number): Expression {
  return chain(reader, 'or', () => both(reader, depth));
}

function both(reader: TokenReader, depth: number): Expression {
  return chain(reader, 'and', () => negation(reader, depth));
}

function chain(reader: TokenReader, kind: 'and' | 'or', readPart: () => Expression): Expression {
  const first = readPart();
  if (!isWord(reader.peek(), kind)) return first;
  const parts = [first];
  while (reader.tryWord(kind)) parts.push(readPart());
  return { kind, parts };
}

function negation(reader: TokenReader, depth: number): Expression {
  let negative = false;
  while (reader.tryWord('NOT')) negative = !negative;
  const part = reader.peek().text === '(' ? parenthesis(reader, depth) : comparison(reader);
  return negative ? { kind: 'not', part } : part;
}

function parenthesis(reader: TokenReader, depth: number): Expression {
  const { column } = reader.next();
  if (depth >= MOST_PARENTHESES) throw new WqlError(`more than ${MOST_PARENTHESES} parentheses in each other`, column);
  const inside = either(reader, depth + 1);
  if (!reader.trySymbol(')')) throw expected(')', reader.peek());
  return inside;
}

function comparison(reader: TokenReader): Expression {
  const literal = tryLiteral(reader);
  if (literal !== undefined) {
    const operator = comparisonOperator(reader.next());
    return compared(reader.name('the name of a property'), MIRRORED[operator], literal);
  }
  const property = reader.name('the name of a property');
  const token = reader.next();
  if (isWord(token, 'IS')) {
    const negative = reader.tryWord('NOT');
    reader.takeWord('NULL');
    return nullTest(property, negative);
  }
  if (isWord(token, 'LIKE')) {
    const pattern = reader.next();
    if (pattern.kind !== 'string') throw expected('a text in quotes', pattern);
    return { kind: 'like', property, pattern: pattern.value };
  }
  if (isWord(token, 'NOT')) {
    throw new WqlError('NOT stands before a comparison', token.column, `Write NOT ${property.text} LIKE ...`);
  }
  if (isWord(token, ...REFUSED_OPERATORS)) {
    throw new WqlError(`${token.text.toUpperCase()} is not supported`, token.column);
  }
  const operator = comparisonOperator(token);
  const value = tryLiteral(reader);
  if (value === undefined) throw expected('a text in quotes, a number, TRUE, FALSE or NULL', reader.peek());
  return compared(property, operator, value);
}

function comparisonOperator(token: Token): Comparison {
  const operator = token.text === '!=' ? '<>' : token.text;
  if (token.kind === 'symbol' && Object.hasOwn(MIRRORED, operator)) return operator as Comparison;
  throw expected('=, <>, <, <=, >, >=, LIKE or IS', token);
}

/** NULL as a literal is `null`, which only = and <> can be held against. */
function compared(
  property: Name,
  operator: Comparison,
  literal: Literal | { value: null; column: number },
): Expression {
  const { value, column } = literal;
  if (value !== null) return { kind: 'compare', property, operator, literal: { value, column } };
  if (operator === '=' || operator === '<>') return nullTest(property, operator === '<>');
  throw new WqlError(`nothing is ${operator} NULL`, column, 'Write IS NULL or IS NOT NULL.');
}

function nullTest(property: Name, negative: boolean): Expression {
  return negative ? { kind: 'not', part: { kind: 'null', property } } : { kind: 'null', property };
}

function tryLiteral(reader: TokenReader): Literal | { value: null; column: number } | undefined {
  const token = reader.peek();
  const { column } = token;
  if (token.kind === 'string' || token.kind === 'number') {
    reader.next();
    return { value: token.value, column };
  }
  if (!isWord(token, 'TRUE', 'FALSE', 'NULL')) return undefined;
  reader.next();
  return { value: isWord(token, 'NULL') ? null : isWord(token, 'TRUE'), column };
}
