import type { Levels } from "./pages.ts";
import type { Rule } from "./rule/rule.ts";

const environments = ["dev", "staging", "prod", "hub"];

/**
 * The level of every rule in every environment that has a file.
 *
 * @param read the content of a file in policy-pack/config
 */
export function levelsOf(read: (file: string) => unknown, rules: readonly Rule[]): Levels {
    const fleet = read("fleet.json");
    return Object.fromEntries(
        environments.map((environment) => {
            const own = read(`${environment}.json`);
            const levels = rules.map(({ name }) => [name, levelIn(own, name) ?? levelIn(fleet, name) ?? "mandatory"]);
            return [environment, Object.fromEntries(levels) as Record<string, string>];
        }),
    );
}

function levelIn(config: unknown, rule: string): string | undefined {
    const setting = (config as Record<string, string | { enforcementLevel: string } | undefined>)[rule];
    return typeof setting === "object" ? setting.enforcementLevel : setting;
}
