import { Directive } from 'type-graphql';

/** Marks a type or a field whose every read the gateway's audit log records, with who read it. */
export function Sensitive(): ClassDecorator & PropertyDecorator & MethodDecorator {
  return Directive('@tag(name: "sensitive")');
}
