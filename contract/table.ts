import { z } from "zod";

import { clusterFactsSchema, clusterLabelsSchema } from "./cluster-secret.ts";
import { crossings, type Crossing } from "./crossing.ts";
import { fleetMemberSchema } from "./fleet-member.ts";
import { registrationSchema } from "./registration-secret.ts";
import { existingSpokeOutputsSchema, hubOutputsSchema, spokeOutputsSchema } from "./stack-outputs.ts";

/** Every document that crosses a boundary. */
export const documents = {
    "hub-outputs": hubOutputsSchema,
    "spoke-outputs": spokeOutputsSchema,
    "existing-spoke-outputs": existingSpokeOutputsSchema,
    "registration-secret": registrationSchema,
    "cluster-secret-annotations": clusterFactsSchema,
    "cluster-secret-labels": clusterLabelsSchema,
    "fleet-member": fleetMemberSchema,
} as const;

export type DocumentName = keyof typeof documents;

/** One key of one document. */
export interface ContractRow extends Crossing {
    document: DocumentName;
    key: string;
}

/**
 * The whole contract, a row per key.
 *
 * @throws when a key has been added without {@link Crossing}.
 */
export function contractTable(): ContractRow[] {
    return Object.entries(documents).flatMap(([document, schema]) =>
        Object.entries(schema.shape).map(([key, shape]) => {
            const facts = crossings.get(shape as z.ZodType);
            if (facts === undefined) {
                throw new Error(`${document}.${key} crosses a boundary but nobody declared who writes and reads it`);
            }
            return { document: document as DocumentName, key, ...facts };
        }),
    );
}

/** JSON Schema (draft 2020-12) of one document, for tools that cannot read TypeScript. */
export function documentJsonSchema(document: DocumentName): object {
    return z.toJSONSchema(documents[document], { target: "draft-2020-12" });
}
