import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds everything once, before stories run side by side: those of docker-compose.yml run built files. */
export function setup(): void {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd, stdio: 'inherit' });
}
