import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { structured } from "../../../../config/read.ts";
import type { Dice } from "../../../harness/dice.ts";
import type { Tree } from "../fixture.ts";
import { bases } from "./bases.ts";
import { completed } from "./complete.ts";
import { mutate, sweep } from "./mutate.ts";
import { opened, type Opened } from "./sealed.ts";

/** A changed configuration, as the program gets it. */
export interface Case extends Opened {
    stack: string;
}

export const stacks = ["hub", "dev", "staging", "prod"] as const;

/** Random changes of each stack. */
const random = 700;

/** The committed stack files, keys without their namespace. */
export const files: Readonly<Record<string, Tree>> = Object.fromEntries(
    stacks.map((stack): [string, Tree] => {
        const file = new URL(`../../../../Pulumi.${stack}.yaml`, import.meta.url);
        const { config } = parse(readFileSync(file, "utf8")) as { config: Tree };
        return [stack, Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(6), value]))];
    }),
);

/** The other stacks. The hub takes spokes of its own account, too, so that nothing but the flag keeps prod out. */
export function othersOf(stack: string): Record<string, Tree> {
    const others = structuredClone(Object.fromEntries(Object.entries(files).filter(([name]) => name !== stack)));
    others.hub?.spokeAccounts.push(others.hub.account.id);
    return others;
}

/** Values of the stack's own keys become text, lists and maps JSON. */
export function asPulumiHandsItOver(config: Tree): Record<string, string> {
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
            `fleet:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]),
    );
}

/** So a number that is a stack's own key is text to the program. A kubeconfig, which is JSON, stays text. */
export function asProgramReadsIt(file: Tree): Opened {
    const { config, secretKeys } = opened(file);
    const handedOver = Object.entries(asPulumiHandsItOver(config));
    const read = handedOver.map(([key, value]) => [
        key.slice(6),
        key === "fleet:kubeconfig" ? value : structured(value),
    ]);
    return { config: Object.fromEntries(read), secretKeys };
}

/** Changes of the committed files and of the {@link bases}: random ones, and every key made wrong one at a time. */
export function cases(dice: Dice, accepts: (each: Case) => boolean): Case[] {
    const swept = new Set<string>();
    /** Whether no key like this has been swept in such a stack; production has rules of its own. */
    const isNew = (stack: string, path: readonly string[], base: Tree): boolean => {
        const kind = stack === "staging" ? "dev" : stack;
        const mode = JSON.stringify(base.connectivity?.mode ?? "");
        const shape = `${kind} ${path.join(".").replaceAll(/\.\d+/g, "[]")} ${path[0] === "cluster" ? "" : mode}`;
        return swept.size < swept.add(shape).size;
    };
    const written = bases(files).map(({ stack, keys, without = [] }): { stack: string; file: Tree; keys: Tree } => {
        const kept = Object.entries(files[stack] ?? {}).filter(([key]) => !without.includes(key));
        return { stack, file: { ...Object.fromEntries(kept), ...keys }, keys };
    });
    const swepts = written.flatMap(({ stack, file, keys }) => {
        if (!accepts({ stack, ...asProgramReadsIt(file) })) {
            throw new Error(`a base of ${stack} is refused: ${JSON.stringify(keys)}`);
        }
        return sweep(file, ([top = ""]) => top in keys).map((mutant) => ({ stack, mutant }));
    });
    const mutants = stacks.flatMap((stack) => {
        const ofStack = written.filter((each) => each.stack === stack).map(({ file }) => file);
        const file = files[stack] as Tree;
        const isAccepted = (config: Tree) => accepts({ stack, ...asProgramReadsIt(config) });
        const grown = [file, ...dice.times(6, 6, () => completed(file, isAccepted, dice))];
        const lenders = Object.values(othersOf(stack));
        return [
            ...dice.times(random, random, () => mutate(dice.pick([...grown, ...ofStack]), lenders, dice)),
            ...grown.flatMap((base) => sweep(base, (path) => isNew(stack, path, base))),
        ].map((mutant) => ({ stack, mutant }));
    });
    return [...swepts, ...mutants].map(({ stack, mutant }) => ({ stack, ...asProgramReadsIt(mutant) }));
}
