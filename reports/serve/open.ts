import { spawn } from 'node:child_process';

/** What opens a page in the user's browser: BROWSER where it is set, else the system's own command. */
export function openerOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  const own = env['BROWSER'];
  if (own !== undefined && own !== '') return own.split(' ');
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
}

/** Opens a file or an address; false where there is nothing to open it with. */
export function openPage(target: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const [command = '', ...words] = openerOf(env, process.platform);
  return new Promise((done) => {
    const child = spawn(command, [...words, target], { stdio: 'ignore', detached: true });
    child.once('error', () => done(false));
    child.once('spawn', () => {
      child.unref();
      done(true);
    });
  });
}
