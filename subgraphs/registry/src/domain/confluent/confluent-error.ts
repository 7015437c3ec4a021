/** A refusal in the words of Confluent's registry: clients branch on the code, people search for the message. */
export class ConfluentError extends Error {
  override readonly name = 'ConfluentError';
  readonly status: number;
  readonly errorCode: number;

  constructor(
    status: number,
    errorCode: number,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.status = status;
    this.errorCode = errorCode;
  }
}

export function subjectNotFound(subject: string): ConfluentError {
  return new ConfluentError(404, 40401, `Subject '${subject}' not found.`);
}

export function versionNotFound(version: number): ConfluentError {
  return new ConfluentError(404, 40402, `Version ${version} not found.`);
}

/** Without an id: no schema is like the one that was sent. */
export function schemaNotFound(id?: number | string): ConfluentError {
  return new ConfluentError(404, 40403, id === undefined ? 'Schema not found' : `Schema ${id} not found`);
}

export function subjectSoftDeleted(subject: string): ConfluentError {
  return new ConfluentError(404, 40404, `Subject '${subject}' was soft deleted.${asksPermanent}`);
}

export function subjectNotSoftDeleted(subject: string): ConfluentError {
  return new ConfluentError(404, 40405, `Subject '${subject}' ${wasNotDeleted}`);
}

export function versionSoftDeleted(subject: string, version: number): ConfluentError {
  return new ConfluentError(
    404,
    40406,
    `Subject '${subject}' Version ${version} was soft deleted.${asksPermanent}`,
  );
}

export function versionNotSoftDeleted(subject: string, version: number): ConfluentError {
  return new ConfluentError(404, 40407, `Subject '${subject}' Version ${version} ${wasNotDeleted}`);
}

export function levelNotConfigured(subject: string): ConfluentError {
  return new ConfluentError(
    404,
    40408,
    `Subject '${subject}' does not have subject-level compatibility configured`,
  );
}

export function modeNotConfigured(subject: string): ConfluentError {
  return new ConfluentError(404, 40409, `Subject '${subject}' does not have subject-level mode configured`);
}

export function invalidSchema(message: string, cause?: unknown): ConfluentError {
  return new ConfluentError(422, 42201, message, { cause });
}

export function invalidVersion(version: string): ConfluentError {
  return new ConfluentError(
    422,
    42202,
    `The specified version '${version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`,
  );
}

export function invalidLevel(): ConfluentError {
  return new ConfluentError(
    422,
    42203,
    'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
  );
}

export function invalidMode(): ConfluentError {
  // Theirs names no more than these, though it knows others.
  return new ConfluentError(422, 42204, 'Invalid mode. Valid values are READWRITE, READONLY, and IMPORT.');
}

export function notPermitted(message: string): ConfluentError {
  return new ConfluentError(422, 42205, message);
}

export function referenceExists(subject: string, version: number): ConfluentError {
  return new ConfluentError(
    422,
    42206,
    `One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=${subject},version=${version}}.`,
  );
}

export function idDoesNotMatch(message: string): ConfluentError {
  return new ConfluentError(422, 42207, message);
}

export function invalidSubject(subject: string): ConfluentError {
  return new ConfluentError(422, 42208, `The specified subject '${subject}' is not a valid.`);
}

export function schemaTooLarge(): ConfluentError {
  return new ConfluentError(422, 42209, 'Register operation failed because schema is too large');
}

export function invalidRuleSet(message: string): ConfluentError {
  return new ConfluentError(422, 42210, message);
}

export function contextNotEmpty(context: string): ConfluentError {
  return new ConfluentError(422, 42211, `The specified context '${context}' is not empty.`);
}

/** A path or a number in a path that is none of theirs. */
export function nothingThere(): ConfluentError {
  return new ConfluentError(404, 404, 'HTTP 404 Not Found');
}

// No space after the full stop: that is how the message is known.
const asksPermanent = 'Set permanent=true to delete permanently';
const wasNotDeleted = 'was not deleted first before being permanently deleted';
