import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const versionNotRaised: Check = {
  code: 'version-not-raised',
  severity: 'error',
  title: both('a published version whose content changed', '已发布版本的内容有变'),
  about:
    'published.json says that this id and version was published with another content. Results name scorecards by version, so that one version must mean one content. Raise `version`; what was published stays as it is.',
  example: {
    published: '[{"id":"example","version":1,"hash":"0","at":"2026-01-05T09:00:00Z","items":["greets"],"files":{}}]',
    failing: '- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning], by: agent }',
    passing:
      'version: 2\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning], by: agent }',
  },
  *run(card) {
    const { ref } = card.card;
    const known = card.history.filter(({ id }) => id === ref.id);
    const latest = Math.max(0, ...known.map(({ version }) => version));
    const changed = known.find(({ version, hash }) => version === ref.version && hash !== ref.hash);
    const older = !changed && latest > ref.version && !known.some(({ version }) => version === ref.version);
    if (!changed && !older) return;
    yield {
      at: card.at(['version']),
      message: changed
        ? both(
            `Version ${ref.version} of "${ref.id}" was published on ${changed.at.slice(0, 10)} with another content.`,
            `“${ref.id}”第 ${ref.version} 版已于 ${changed.at.slice(0, 10)} 发布，内容与现在不同。`,
          )
        : both(
            `Version ${latest} of "${ref.id}" is published already; this is version ${ref.version}.`,
            `“${ref.id}”已发布第 ${latest} 版，而此处为第 ${ref.version} 版。`,
          ),
      hint: both(`Write version: ${latest + 1}.`, `请改为 version: ${latest + 1}。`),
    };
  },
};
