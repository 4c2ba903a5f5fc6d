import { spawn } from 'node:child_process';

/** Runs a program to its end and returns what it printed. Throws with its standard error when it fails. */
export async function runProgram(program: string, args: readonly string[], input?: Buffer): Promise<Buffer> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  child.stdin.on('error', () => undefined); // a program that refuses its input says why in its exit status
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) =>
      reject(
        new Error(
          `${program} cannot be started (${error.message}); install it: apt install flite festival festvox-us-slt-hts festvox-kallpc16k espeak-ng ffmpeg`,
        ),
      ),
    );
    child.on('close', resolve);
  });
  if (status !== 0)
    throw new Error(`${program} ended with ${status}: ${Buffer.concat(complaints).toString().slice(-500)}`);
  return Buffer.concat(out);
}
