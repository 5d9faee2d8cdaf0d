import type { Customer } from "./network.ts";

/** A customer for tests: rings at once, talks, and does what `changes` say. */
export function testCustomer(changes: Partial<Customer> = {}): Customer {
  return { number: "+918000000001", name: "Kiran Rao", behaviour: "speaks", ringMs: 50, talkMs: 200, digits: "", ...changes };
}
