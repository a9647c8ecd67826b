import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { knownKeys, type Known } from "./cross-checks/known.ts";
import { isRole } from "./schema/index.ts";

/** Another stack of the fleet, as far as its file is good. */
export interface OtherStack {
    /** `hub` for `Pulumi.hub.yaml`. */
    name: string;
    /** As the file has it, good or not; undefined when it is no text. */
    clusterName: string | undefined;
    /** The keys that are good by themselves. */
    known: Known;
}

/** A stack's place among the others. */
export interface Neighbours {
    /** The Pulumi project, the middle of a stack's full name. */
    project: string;
    /** This stack. */
    stack: string;
    /** The others. */
    stacks: readonly OtherStack[];
}

/**
 * Reads the other stacks' files of the running project: `Pulumi.*.yaml` beside its `Pulumi.yaml`, or in its
 * `stackConfigDir`. A file that is not a fleet stack's is passed over; what is wrong inside one is that stack's own
 * concern; one that is no YAML at all is a warning, because this stack is not compared with it.
 */
export function readNeighbours(stack: string): Neighbours {
    const root = pulumi.getRootDirectory();
    const settings = parse(readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as { stackConfigDir?: string };
    const folder = path.join(root, settings.stackConfigDir ?? "");
    const stacks = readdirSync(folder).flatMap((file) => {
        const name = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
        return name === undefined || name === stack ? [] : readStack(name, path.join(folder, file));
    });
    return { project: pulumi.getProject(), stack, stacks };
}

function readStack(name: string, file: string): OtherStack[] {
    try {
        return otherStack(name, parse(readFileSync(file, "utf8")));
    } catch (error) {
        const [problem = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        void pulumi.log.warn(`${path.basename(file)} cannot be read; this stack is not compared with it: ${problem}`);
        return [];
    }
}

/** The stack that a file's content describes; none when it is not a fleet's. */
export function otherStack(name: string, content: unknown): OtherStack[] {
    const config = (content as { config?: unknown } | null)?.config;
    const entries = typeof config === "object" && config !== null ? Object.entries(config) : [];
    const raw = Object.fromEntries(entries.map(([key, value]) => [key.replace(/^fleet:/, ""), value]));
    const { name: clusterName } = (raw.cluster ?? {}) as { name?: unknown };
    return isRole(raw.role)
        ? [
              {
                  name,
                  clusterName: typeof clusterName === "string" ? clusterName : undefined,
                  known: knownKeys(raw.role, raw),
              },
          ]
        : [];
}
