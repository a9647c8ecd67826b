import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { loadConfig } from "../../../config/load.ts";
import { formsAt, keysOf } from "../../../config/schema-tree.ts";
import { schemas } from "../../../config/schema/index.ts";
import { nearest } from "../../../config/suggest.ts";
import { ConfigError } from "../../../config/problems.ts";
import { Dice } from "../../harness/dice.ts";
import type { Tree } from "./fixture.ts";
import { completed } from "./support/complete.ts";
import { paths } from "./support/mutate.ts";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

/** Every word that is one deletion, insertion, substitution or swap of neighbours away. */
function slips(word: string): Set<string> {
    const places = Array.from({ length: word.length + 1 }, (_, place) => place);
    const found = places.flatMap((place) => {
        const [before, here, after] = [word.slice(0, place), word.slice(place, place + 1), word.slice(place + 1)];
        return [
            before + after,
            before + (after[0] ?? "") + here + after.slice(1),
            ...letters.map((letter) => before + letter + here + after),
            ...letters.map((letter) => before + letter + after),
        ];
    });
    return new Set(found.filter((slip) => slip !== word && slip !== ""));
}

/** Names that the author of a file chooses are no keys: a node group may be called anything. */
function isKey(path: readonly string[]): boolean {
    return !/^\d+$/.test(path.at(-1) ?? "") && path.at(-2) !== "nodeGroups";
}

describe("config: typos", function () {
    this.timeout(120_000);
    const done = new Set<string>();
    for (const stack of ["hub", "prod"]) {
        const file = new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url);
        const { config } = parse(readFileSync(file, "utf8")) as { config: Tree };
        const written: Tree = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(6), value]));
        // With the keys, too, that the file leaves to their defaults.
        const raw = completed(written, (tried) => refusal(stack, tried) === undefined, new Dice(7));

        it(`refuses every single slip of every key that Pulumi.${stack}.yaml may have, and mostly knows what was meant`, () => {
            let slipped = 0;
            const wrong = new Set<string>();
            for (const path of paths(raw).filter((each) => isKey(each) && !done.has(each.join(".")))) {
                done.add(path.join("."));
                const key = path.at(-1) ?? "";
                const parent = path.slice(0, -1).reduce<unknown>((node, part) => (node as Tree)[part], raw) as Tree;
                const siblings = keysOf(formsAt(schemas[stack === "hub" ? "hub" : "spoke"], path.slice(0, -1)));
                if (!siblings.includes(key)) {
                    // A name that the author of the file chooses, such as a label's.
                    continue;
                }
                for (const slip of slips(key)) {
                    const { [key]: value, ...rest } = parent;
                    if (slip in rest) {
                        continue;
                    }
                    slipped++;
                    if (nearest(slip, siblings) !== key) {
                        wrong.add(`${slip}: not ${key}`);
                    }
                    // Which letter it is makes no difference to being refused, and a whole configuration takes its time.
                    if (slip.length >= key.length && !/[qZ]/.test(slip)) {
                        continue;
                    }
                    const line = refusal(stack, withReplaced(raw, path.slice(0, -1), { ...rest, [slip]: value }));
                    if (line === undefined) {
                        assert.fail(`${path.join(".")} as ${slip} was accepted`);
                    }
                    if (!line.endsWith(`did you mean ${key}?`)) {
                        wrong.add(`${slip}: ${line}`);
                    }
                }
            }
            assert.ok(slipped > 1_000, `${slipped} slips`);
            assert.ok(
                wrong.size / slipped <= 0.05,
                `${wrong.size} of ${slipped}, such as ${[...wrong].slice(0, 5).join("\n")}`,
            );
        });
    }
});

/** The line about the unknown key, or about what is missing for it; undefined when the configuration is accepted. */
function refusal(stack: string, raw: Tree): string | undefined {
    try {
        loadConfig(stack, raw);
        return undefined;
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        const unknown = error.problems.find(({ code }) => code === "E-CFG-001");
        return unknown?.text ?? error.message;
    }
}

function withReplaced(node: Tree, [key, ...rest]: readonly string[], replaced: Tree): Tree {
    return key === undefined ? replaced : { ...node, [key]: withReplaced(node[key] as Tree, rest, replaced) };
}
