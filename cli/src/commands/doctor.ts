import type { SpineSpec } from '@spine/spec/spine-spec';
import { readSpec, specFile } from '../apply/read-spec.ts';
import { readRunFile } from '../client/run-file.ts';
import { homeOf, processEnv } from '../config.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkDisk } from '../doctor/check-disk.ts';
import { checkIdentityProvider } from '../doctor/check-identity-provider.ts';
import { checkNode } from '../doctor/check-node.ts';
import { checkPort } from '../doctor/check-port.ts';
import { checkSink } from '../doctor/check-sink.ts';
import { checkSource } from '../doctor/check-source.ts';
import type { Finding } from '../doctor/finding.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';
import { portsOf } from '../up/ports.ts';

/** `spine doctor`: looks at everything that usually goes wrong; each fault names its fix. Answers 3 when there is one. */
export async function doctor(options: { readonly file?: string; readonly json?: boolean }): Promise<number> {
  const home = homeOf(processEnv);
  const running = readRunFile(home);
  const findings: Finding[] = [checkNode(process.version), await checkDisk(home)];
  if (running === undefined) {
    for (const { variable, port } of portsOf(processEnv)) {
      findings.push(await checkPort(variable, port, processEnv['SPINE_HOST'] ?? '127.0.0.1'));
    }
  } else {
    findings.push({ name: 'ports', good: true, detail: `held by this home's spine up (pid ${running.pid})` });
  }
  findings.push(await checkDatabase(processEnv, home));
  findings.push(...(await checkIdentityProvider(processEnv)));
  const file = specFile(options.file);
  if (file !== undefined) {
    const spec = readSpec(file);
    findings.push({ name: file, good: true, detail: `${spec.routes.length} routes` });
    findings.push(...(await checkEndpoints(spec, running?.postgres)));
  }
  const bad = findings.filter((finding) => !finding.good);
  if (options.json) terminal.json({ good: bad.length === 0, findings });
  else {
    const { colour } = terminal;
    for (const { name, good, detail, fix } of findings) {
      terminal.line(`  ${good ? colour.green('ok  ') : colour.red('FAIL')}  ${name.padEnd(28)} ${detail}`);
      if (fix !== undefined) terminal.line(`        ${colour.bold('fix:')} ${fix}`);
    }
    terminal.line(bad.length === 0 ? '\nall good' : `\n${bad.length} to mend`);
  }
  return bad.length === 0 ? exitCodes.good : exitCodes.environment;
}

async function checkEndpoints(spec: SpineSpec, embeddedUrl: string | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [kind, endpoints] of [
    ['source', spec.sources],
    ['sink', spec.sinks],
  ] as const) {
    for (const endpoint of endpoints) {
      const { name } = endpoint;
      if (endpoint.type === 'kafka') {
        findings.push(...endpoint.brokers.map((reference) => checkBrokers(name, reference)));
        continue;
      }
      const { url } = endpoint;
      const resolved = resolve(url, embeddedUrl);
      if (resolved === 'later') {
        findings.push({ name: `${kind} ${name}`, good: true, detail: `${url}: made by spine up` });
      } else if (resolved === undefined) {
        findings.push({
          name: `${kind} ${name}`,
          good: false,
          detail: `${url} is not set`,
          fix: `export ${url.slice(4)}=postgres://user:password@host:port/database`,
        });
      } else if (kind === 'source') findings.push(...(await checkSource(name, resolved)));
      else findings.push(await checkSink(name, resolved));
    }
  }
  return findings;
}

/** Whether brokers are named; that they answer is asked by `spine plan`. */
function checkBrokers(name: string, reference: string): Finding {
  const variable = reference.slice('env:'.length);
  const good = processEnv[variable] !== undefined;
  return {
    name: `sink ${name}`,
    good,
    detail: good ? `${reference} is set` : `${reference} is not set`,
    ...(!good && { fix: `export ${variable}=host:port` }),
  };
}

function resolve(reference: string, embeddedUrl: string | undefined): string | undefined {
  if (reference.startsWith('env:')) return processEnv[reference.slice(4)];
  if (embeddedUrl === undefined) return 'later';
  const url = new URL(embeddedUrl);
  url.pathname = `/${reference.slice('embedded:'.length)}`;
  return url.toString();
}
