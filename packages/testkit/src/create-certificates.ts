import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Files in PEM of one certificate, its key and the CA that signed it. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * A new CA in a folder of its own, and one certificate of it that serves 127.0.0.1 and localhost and proves a client too.
 * Two calls know nothing of each other.
 */
export async function createCertificates(): Promise<CertificateFiles> {
  const { subtle } = cryptoProvider.get();
  const authority = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const leaf = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const days = 24 * 3_600_000;
  const validity = { notBefore: new Date(Date.now() - days), notAfter: new Date(Date.now() + days) };
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    // Of a name of its own: a CA of the same name is looked up, and its signature does not fit.
    name: `CN=CA ${randomUUID()}`,
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  const cert = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: '02',
    subject: 'CN=service of a test',
    issuer: ca.subject,
    publicKey: leaf.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    ],
  });
  const key = PemConverter.encode(await subtle.exportKey('pkcs8', leaf.privateKey), 'PRIVATE KEY');
  const folder = mkdtempSync(join(tmpdir(), 'spine-certificates-'));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  return {
    ca: write('ca.pem', ca.toString('pem')),
    cert: write('cert.pem', cert.toString('pem')),
    key: write('key.pem', key),
  };
}
