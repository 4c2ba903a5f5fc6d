import { type OperatorDefinition, type OperatorExample, publishedSchema } from '../../src/scorecard/index.ts';
import { formatClock } from '../../src/session/index.ts';

const notice = '<!-- Written by `npm run schemas` from the operator’s schema and examples. Do not edit. -->';

interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

/** Reference page of one operator: what it looks for, its keys, its scope, and examples that are tests. */
export function operatorPage(operator: OperatorDefinition): string {
  const value = publishedSchema(operator.value) as JsonSchema;
  const beside = publishedSchema(operator.options) as JsonSchema;
  const parts = [
    `# ${operator.name}`,
    notice,
    `${sentence(operator.summary.en)} ${operator.summary.zh}。`,
    operator.details ?? '',
    fence('yaml', operator.example),
    valueOf(operator.name, value),
    Object.keys(beside.properties ?? {}).length > 0 ? `## Beside it\n\n${keyTable(beside)}` : '',
    `## Scope\n\n${scopeOf(operator)}`,
    examplesOf(operator.examples),
    '[All operators](README.md) · [The scorecard language](../scorecard-language.md)',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function valueOf(name: string, value: JsonSchema): string {
  const group = value.properties ? value : (value.anyOf ?? value.oneOf)?.find(({ properties }) => properties);
  const table = group ? `## Under \`${name}\`\n\n${keyTable(group)}` : '';
  if (group === value) return table;
  const parts = [`## Value\n\n${sentence(typeOf(value))} ${value.description ?? ''}`.trimEnd(), table];
  const kinds = (value.anyOf ?? value.oneOf ?? []).filter(({ title, description }) => title && description);
  const meanings = kinds.map(({ title, description }) => `${sentence(title!).slice(0, -1)}: ${description}.`);
  return [...parts.slice(0, 1), ...meanings, ...parts.slice(1)].filter((part) => part !== '').join('\n\n');
}

/** The table of all operators. */
export function operatorIndex(operators: readonly OperatorDefinition[]): string {
  const rows = operators.map(
    ({ name, summary, hits }) =>
      `| [\`${name}\`](${name}.md) | ${summary.en} | ${summary.zh} | ${hits ? 'yes' : '–'} |`,
  );
  return [
    '# Operators',
    notice,
    'A condition names one operator. How conditions are scoped, joined and anchored: [the scorecard language](../scorecard-language.md). Every example on these pages is a test.',
    ['| Operator | What it looks for | 说明 | Anchor |', '|---|---|---|---|', ...rows].join('\n'),
    '*Anchor*: its hits are places, so `after`, `before`, `around` and `same` can be anchored at them.',
    '',
  ].join('\n\n');
}

function keyTable({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const byDefault = required.includes(name)
      ? '*required*'
      : schema.default === undefined
        ? ''
        : `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)}\``;
    return `| \`${name}\` | ${cell(typeOf(schema))} | ${byDefault} | ${cell(schema.description ?? '')} |`;
  });
  return ['| Key | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf(schema: JsonSchema): string {
  if (schema.title) return schema.title;
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return [...new Set(branches.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'values'}`;
  const names: Record<string, string> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    object: 'group of keys',
  };
  return [schema.type ?? 'any']
    .flat()
    .map((type) => names[type] ?? type)
    .join(' or ');
}

function scopeOf({ scope, hits }: OperatorDefinition): string {
  const keys = scope.filter((key) => key !== 'anchor').map((key) => `\`${key}\``);
  const windows = scope.includes('anchor') ? ' Windows: `after`, `before`, `around`, `same`, `within`, `hit`.' : '';
  return [
    keys.length > 0
      ? `Scope keys: ${keys.join(', ')}.${windows}`
      : 'It speaks about the whole session and takes no scope keys.',
    hits ? 'Other rules can be anchored at what it finds.' : 'Nothing can be anchored at it.',
  ].join(' ');
}

function examplesOf(examples: readonly OperatorExample[]): string {
  return `## Examples\n\n${examples.map(exampleText).join('\n\n')}`;
}

function exampleText({ title, rule, top, files, session, verdict, reason }: OperatorExample): string {
  const timed = session.channel === 'call';
  const rows = session.turns.map((turn) => {
    const [speaker, start, end] = turn;
    const text = turn.length === 4 ? turn[3] : turn[2];
    const at = timed && typeof end === 'number' ? `${clock(start)}–${clock(end)}` : clock(start);
    return `| ${at} | ${speaker} | ${cell(text)} |`;
  });
  const facts = [
    `A ${session.channel} in ${session.language === 'zh' ? 'Chinese' : 'English'}`,
    session.startedAt && `started at ${session.startedAt}`,
    session.attributes && `with \`${JSON.stringify(session.attributes)}\``,
    session.loudness &&
      `loudness of the turns ${Object.entries(session.loudness)
        .map(([turn, db]) => `${turn}: ${db} dBFS`)
        .join(', ')}`,
  ].filter(Boolean);
  return [
    `### ${title.en}`,
    title.zh,
    fence(
      'yaml',
      [top, rule]
        .filter((part) => part !== undefined && part !== '')
        .join('\n')
        .trimEnd(),
    ),
    ...Object.entries(files ?? {}).map(([name, text]) => `\`${name}\`:\n\n${fence('yaml', text.trimEnd())}`),
    `${facts.join(', ')}:`,
    ['| Time | Speaker | Words |', '|---|---|---|', ...rows].join('\n'),
    opinionsOf(session.opinions ?? {}),
    `**${verdict}** – ${reason}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function opinionsOf(opinions: NonNullable<OperatorExample['session']['opinions']>): string {
  return Object.entries(opinions)
    .map(
      ([question, { choice, quote, confidence = 1 }]) =>
        `To “${question}” the model answered \`${choice}\`, quoting “${quote}”, confidence ${confidence}.`,
    )
    .join('\n\n');
}

const clock = (seconds: number) => formatClock(Math.round(seconds * 1000)).replace(/\.0$/, '');
const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
