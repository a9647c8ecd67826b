import type { z } from "zod";

import type { Problem } from "../problems.ts";
import { hubSchema, schemas, spokeSchema, type Role } from "../schema/index.ts";

type Shape = Omit<typeof spokeSchema.shape & typeof hubSchema.shape, "role">;

/** What a key holds: for a key of both roles, what it holds with either. */
type ValueOf<Key extends PropertyKey> = {
    [R in Role]: Key extends keyof (typeof schemas)[R]["shape"] ? z.infer<(typeof schemas)[R]["shape"][Key]> : never;
}[Role];

/** The keys that are good by themselves; a key with a problem of its own is left out. */
export type Known = { role: Role } & { [Key in keyof Shape]?: ValueOf<Key> };

/** Parses key by key, so that one bad key hides no other problem. */
export function knownKeys(role: Role, raw: Readonly<Record<string, unknown>>): Known {
    const shape = { ...spokeSchema.shape, ...hubSchema.shape, ...schemas[role].shape };
    const known = Object.entries(shape).flatMap(([key, schema]) => {
        const { data } = key === "role" ? {} : schema.safeParse(raw[key]);
        return data === undefined ? [] : [[key, data]];
    });
    return { ...Object.fromEntries(known), role } as Known;
}

/** The VPC's range, made or adopted, and the key that holds it. */
export function vpcRange({ network }: Pick<Known, "network">): { key: string; cidr: string } | undefined {
    if (network === undefined) {
        return undefined;
    }
    return "existing" in network
        ? { key: "fleet:network.existing.cidr", cidr: network.existing.cidr }
        : { key: "fleet:network.cidr", cidr: network.cidr };
}

/** The problems among findings. */
export function present(...findings: readonly (Problem | "" | false | undefined)[]): Problem[] {
    return findings.filter((finding) => typeof finding === "object");
}
