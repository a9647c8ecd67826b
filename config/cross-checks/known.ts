import type { z } from "zod";

import type { Problem } from "../problems.ts";
import { hubSchema, spokeSchema, type Role } from "../schema/index.ts";

const shape = { ...spokeSchema.shape, ...hubSchema.shape };

type Shape = Omit<typeof shape, "role">;

/** The keys that are good by themselves; a key with a problem of its own is left out. */
export type Known = { role: Role } & { [Key in keyof Shape]?: z.infer<Shape[Key]> };

/** Parses key by key, so that one bad key hides no other problem. */
export function knownKeys(role: Role, raw: Readonly<Record<string, unknown>>): Known {
    const known = Object.entries(shape).flatMap(([key, schema]) => {
        const { data } = key === "role" ? {} : schema.safeParse(raw[key]);
        return data === undefined ? [] : [[key, data]];
    });
    return { ...Object.fromEntries(known), role } as Known;
}

/** The problems among findings. */
export function present(...findings: readonly (Problem | "" | undefined)[]): Problem[] {
    return findings.filter((finding) => finding !== undefined && finding !== "");
}
