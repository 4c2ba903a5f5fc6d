/** Where and why a text is not JSON; line and column 1-based, the column in UTF-16 units. */
export interface JsonFault {
  line: number;
  column: number;
  message: string;
}

export type Parsed = { value: unknown } | { fault: JsonFault };

const deepest = 200;

/**
 * JSON.parse with a position: the engine's own messages name none for most faults. Refuses nesting beyond 200 levels,
 * which no real export has and which would overflow the stack of whoever walks the value later.
 */
export function parseJson(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    if (!nestsTooDeep(text)) return { value };
    return { fault: { line: 1, column: 1, message: `nested more than ${deepest} levels deep` } };
  } catch {
    const scanner = new Scanner(text);
    const { at, message } = scanner.firstFault();
    return { fault: { ...lineColumn(text, at), message } };
  }
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > deepest) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** Offset → line and column, both 1-based. */
function lineColumn(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: at - start + 1 };
}

class Fault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** A JSON reader that keeps nothing and stops at the first fault; containers are kept on a stack, not by recursion. */
class Scanner {
  private readonly text: string;
  private i = 0;

  constructor(text: string) {
    this.text = text;
  }

  firstFault(): { at: number; message: string } {
    try {
      this.document();
    } catch (error) {
      if (error instanceof Fault) return { at: error.at, message: error.message };
      throw error;
    }
    return { at: 0, message: 'not valid JSON' };
  }

  private document(): void {
    const open: ('{' | '[')[] = [];
    for (;;) {
      if (!this.value(open)) continue;
      // A value has ended: close containers until one goes on or none is left.
      for (;;) {
        const container = open.at(-1);
        this.space();
        if (container === undefined) {
          if (this.i < this.text.length) this.fail('more text after the end of the value');
          return;
        }
        const next = this.text[this.i];
        const end = container === '{' ? '}' : ']';
        if (next === ',') {
          this.i++;
          this.space();
          if (this.text[this.i] === end) this.fail(`a comma before "${end}"`);
          if (container === '{') this.key();
          break;
        }
        if (next !== end) this.fail(`expected "," or "${end}"${this.found()}`);
        this.i++;
        open.pop();
      }
    }
  }

  /** Reads a scalar or enters a container. True when a whole value has been read. */
  private value(open: ('{' | '[')[]): boolean {
    this.space();
    const c = this.text[this.i];
    if (c === '{' || c === '[') {
      this.i++;
      this.space();
      if (this.text[this.i] === (c === '{' ? '}' : ']')) {
        this.i++;
        return true;
      }
      open.push(c);
      if (c === '{') this.key();
      return false;
    }
    if (c === '"') this.string();
    else this.scalar();
    return true;
  }

  private key(): void {
    this.space();
    if (this.text[this.i] !== '"') this.fail(`expected a key in double quotes${this.found()}`);
    this.string();
    this.space();
    if (this.text[this.i] !== ':') this.fail(`expected ":" after the key${this.found()}`);
    this.i++;
  }

  private scalar(): void {
    const match = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
    match.lastIndex = this.i;
    if (!match.test(this.text)) this.fail(`expected a value${this.found()}`);
    this.i = match.lastIndex;
  }

  private string(): void {
    const start = this.i++;
    for (;;) {
      const code = this.text.charCodeAt(this.i);
      if (Number.isNaN(code)) {
        this.i = start;
        this.fail('the text that begins here has no closing quote');
      }
      if (code === 0x22) break;
      if (code < 0x20) this.fail('a line break or control character inside quotes (write \\n)');
      if (code === 0x5c) {
        const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
        escape.lastIndex = this.i;
        if (!escape.test(this.text)) this.fail('an unknown escape after "\\"');
        this.i = escape.lastIndex;
      } else this.i++;
    }
    this.i++;
  }

  private space(): void {
    while (this.i < this.text.length && ' \t\r\n'.includes(this.text[this.i]!)) this.i++;
  }

  private found(): string {
    const c = this.text[this.i];
    return c === undefined ? ', the file ends here (cut off?)' : `, found ${JSON.stringify(c)}`;
  }

  private fail(message: string): never {
    throw new Fault(this.i, message);
  }
}
