import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The broker that tests run against. 4.3.1 is the newest whose artefacts are complete. */
export const kafkaVersion = '4.3.1';

const cache = fileURLToPath(
  new URL(`../../../../node_modules/.cache/kafka-${kafkaVersion}`, import.meta.url),
);

/** Why no broker can be started here, or null. */
export function whyNoKafka(): string | null {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0);
  if (version < 17) return 'there is no Java 17 or later here';
  if (!existsSync(cache) && spawnSync('mvn', ['-v']).status !== 0) return 'there is no Maven here';
  return null;
}

/** The folder of the broker's jars: fetched by Maven once for this checkout. Throws with what Maven said. */
export function fetchKafka(): string {
  if (existsSync(cache)) return cache;
  const folder = mkdtempSync(join(tmpdir(), 'spine-kafka-jars-'));
  try {
    writeFileSync(join(folder, 'pom.xml'), pom);
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
    execFileSync('mvn', ['-q', '-B', goal, '-DoutputDirectory=libs', '-DincludeScope=runtime'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const fresh = `${cache}.${process.pid}`;
    mkdirSync(join(cache, '..'), { recursive: true });
    cpSync(join(folder, 'libs'), fresh, { recursive: true });
    // Another run may have been first.
    if (existsSync(cache)) rmSync(fresh, { recursive: true });
    else renameSync(fresh, cache);
    return cache;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const artefact = (group: string, id: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>spine</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${[
  artefact('org.apache.kafka', 'kafka_2.13', kafkaVersion),
  artefact('org.apache.kafka', 'kafka-tools', kafkaVersion),
  // Kafka speaks to slf4j 1.7; another line of it would say nothing.
  artefact('org.slf4j', 'slf4j-simple', '1.7.36'),
].join('')}</dependencies></project>`;
