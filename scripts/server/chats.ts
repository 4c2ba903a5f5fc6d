import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const folder = fileURLToPath(new URL('../../fixtures/batches/demo/chats', import.meta.url));

type Chat = Record<string, unknown> & { id: string };

/** The shipped demo chats that are JSON. */
function demoChats(): Chat[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      if (name.endsWith('.jsonl'))
        return text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => JSON.parse(line) as Chat);
      return name.endsWith('.json') ? [JSON.parse(text) as Chat] : [];
    });
}

/** Writes `count` chats as JSON lines, the demo chats in turn under ids of their own. Returns the ids. */
export async function writeChats(path: string, prefix: string, count: number): Promise<string[]> {
  const chats = demoChats();
  const out = createWriteStream(path);
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const id = `${prefix}-${String(i).padStart(6, '0')}`;
    ids.push(id);
    const line = JSON.stringify({ ...chats[i % chats.length]!, id, agentId: `agent${i % 40}` });
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return ids;
}
