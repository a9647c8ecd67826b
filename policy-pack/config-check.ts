import { nearest } from "../config/suggest.ts";
import type { Rule } from "./rule/rule.ts";

/**
 * What a policy configuration names that does not exist. Pulumi accepts any name in silence, and the rule that was meant
 * goes on as it was.
 *
 * @param config names of the properties that are set, by rule
 */
export function misspellings(config: ReadonlyMap<string, readonly string[]>, rules: readonly Rule[]): string[] {
    const names = rules.map(({ name }) => name);
    return [...config].flatMap(([name, properties]) => {
        if (name === "all") {
            return [];
        }
        const rule = rules.find((each) => each.name === name);
        if (rule === undefined) {
            return [problem(name, `no rule has this name${meant(name, names)}`, "correct it, or remove it")];
        }
        const known = Object.keys(rule.configSchema?.properties ?? {});
        return properties
            .filter((property) => property !== "enforcementLevel" && !known.includes(property))
            .map((property) =>
                problem(
                    `${name}.${property}`,
                    `the rule has no such setting${meant(property, known)} (allowed: ${known.join(", ")})`,
                    "correct it, or remove it",
                ),
            );
    });
}

function problem(key: string, what: string, fix: string): string {
    return `E-POL-001 ${key}: ${what}. Fix: ${fix}.`;
}

function meant(name: string, known: readonly string[]): string {
    const best = nearest(name, known);
    return best === undefined ? "" : `; did you mean ${best}?`;
}
