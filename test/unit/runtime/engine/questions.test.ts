import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { announced } from '../../../../runtime/engine/questions.ts';
import { redactor } from '../../../../runtime/host/exec.ts';
import { Answers } from '../../../helpers/asking.ts';

const SECRET = 'correct horse';

function ask(...answers: ConstructorParameters<typeof Answers>) {
  const events: RunEvent[] = [];
  const console = new Answers(...answers);
  return { events, console, ask: announced(console, (event) => events.push(event), redactor([SECRET])) };
}

it('has everybody see what was asked and what was answered', async () => {
  const { ask: person, events } = ask(1, 'Berlin', 'R', undefined);
  await person.choose('Which?', ['a', { name: 'b' }, { name: 'c', refused: 'too late' }]);
  await person.text('Site');
  await person.key('It failed', ['R', 'S'], { seconds: 9, what: 'It ends' });
  await person.key('It failed', ['R', 'S']);
  expect(events).toEqual([
    { event: 'question', kind: 'choose', question: 'Which?', choices: ['a', 'b', 'c (too late)'] },
    { event: 'answer', answer: 'b' },
    { event: 'question', kind: 'text', question: 'Site' },
    { event: 'answer', answer: 'Berlin' },
    { event: 'question', kind: 'key', question: 'It failed', choices: ['R', 'S'], seconds: 9 },
    { event: 'answer', answer: 'R' },
    { event: 'question', kind: 'key', question: 'It failed', choices: ['R', 'S'] },
    { event: 'answer' },
  ]);
});

it('shows nobody a secret answer, and masks secrets at the console', async () => {
  const { ask: person, events, console } = ask('hush', 0, '', 'S');
  expect(await person.text('Password', { secret: true })).toBe('hush');
  await person.choose(`Which? ${SECRET}`, [{ name: SECRET, details: SECRET, refused: SECRET }, SECRET]);
  await person.text(SECRET);
  await person.key(SECRET, ['R', 'S']);
  expect(events[1]).toEqual({ event: 'answer' });
  expect(JSON.stringify(events)).not.toContain('hush');
  expect(JSON.stringify(console.asked)).not.toContain(SECRET);
});
