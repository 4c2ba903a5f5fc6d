import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText } from '../testing/sample-batch.ts';
import { both, escapeText, filterLink, fragment, html } from './escape.ts';

describe('html', () => {
  it('escapes text, joins lists and leaves out what is not there', () => {
    const list = ['<a>', html`<b>${'&'}</b>`];
    expect(html`<p title="${`"'`}">${list}${null}${false}${0}</p>`.markup).toBe(
      '<p title="&quot;&#39;">&lt;a&gt;<b>&amp;</b>0</p>',
    );
  });

  it('leaves nothing of an attack alive', () => {
    const markup = escapeText(hostileText);
    for (const harm of ['<', '>', '"', "'", '\u0000', '\u2028', '\u202E']) expect(markup).not.toContain(harm);
    expect(markup).toContain('[U+202E]gnp.exe[U+0000]\uFFFD =1+1 &amp;lt;b&amp;gt;');
  });

  it('never lets a character through that could leave text or a quoted attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const markup = escapeText(text);
        expect(markup).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        expect(markup).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('both', () => {
  it('writes one text once where the languages agree', () => {
    expect(both({ en: 'Agent 17', zh: 'Agent 17' }).markup).toBe('Agent 17');
    expect(both({ en: 'fail', zh: '不合格' }).markup).toBe('<span class="e">fail</span><span class="z">不合格</span>');
  });
});

describe('links', () => {
  it('stay one fragment whatever the id holds', () => {
    expect(fragment(`x"><script>'&=#\uD800`)).toBe('x%22%3E%3Cscript%3E%27%26%3D%23%EF%BF%BD');
    expect(filterLink({ agent: 'A&b=1', verdict: 'fail' })).toBe('#agent=A%26b%3D1&verdict=fail');
  });
});
