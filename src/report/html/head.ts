import { createHash } from 'node:crypto';
import type { UiLanguage } from '../../session/index.ts';
import { escapeText } from './escape.ts';

export interface PageHead {
  language: UiLanguage;
  title: string;
  generator: string;
  /** The page's own style and script: nothing else is loaded, nothing else runs. */
  style: string;
  script: string;
  /** What the page may do beyond that, as directives of its content security policy. */
  allows?: readonly string[];
}

/** From the doctype to the start of the body. */
export function pageHead({ language, title, generator, style, script, allows = [] }: PageHead): string {
  const policy = [
    `default-src 'none'`,
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    ...allows,
  ].join('; ');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${escapeText(generator)}">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
`;
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
