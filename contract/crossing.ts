import { z } from "zod";

/** What is known about a key besides its shape: who writes it, who reads it, what it means. */
export interface Crossing {
    /** The one place that writes the key, as a path of this repository. */
    producer: string;
    /** Places that read the key. A key nobody reads has no business in the contract. */
    consumers: readonly string[];
    /** One sentence for the reader of the generated reference. */
    description: string;
}

/** Every key that crosses a boundary, by its schema. `contractTable` turns it into rows. */
export const crossings = z.registry<Crossing>();

/**
 * Declares that a key with this shape crosses a boundary.
 *
 * @returns a copy of the schema, so that one shape can serve several keys.
 */
export function crossing<Schema extends z.ZodType>(schema: Schema, facts: Crossing): Schema {
    const declared = schema.describe(facts.description);
    crossings.add(declared, facts);
    return declared;
}
