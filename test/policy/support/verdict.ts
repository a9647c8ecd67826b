import type { ExampleResource } from "../../../policy-pack/rule/rule.ts";
import { sharedPack } from "./analyzer.ts";

/** What one rule made of a resource. */
export type Verdict = { violations: string[] } | "not applicable";

/** Asks the pack about a resource, and hears one rule. */
export async function verdictOf(rule: string, resource: ExampleResource, settings: object = {}): Promise<Verdict> {
    const pack = await sharedPack({ [rule]: { ...settings, enforcementLevel: "mandatory" } });
    const { findings, judged } = await pack.resource(resource);
    return judged.includes(rule)
        ? { violations: findings.filter((each) => each.rule === rule).map(({ message }) => message) }
        : "not applicable";
}
