import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

import type { Tree } from "../fixture.ts";
import { argocdRules } from "./rules/argocd.ts";
import { everyStackRules } from "./rules/every-stack.ts";
import { existingClusterRules } from "./rules/existing-cluster.ts";
import { networkRules } from "./rules/network.ts";
import { nodeRules } from "./rules/nodes.ts";
import { ownClusterRules } from "./rules/own-cluster.ts";
import type { Rule } from "./rules/rule.ts";

/**
 * What must be true of every configuration that is accepted, written down a second time: from AWS' and Kubernetes'
 * rules and the editors' committed schema, with nothing of `config/`.
 *
 * @param config as the file has it, secrets encrypted
 * @returns what is wrong; nothing when the configuration may be accepted
 */
export function objections(config: Tree, others: Readonly<Record<string, Tree>>, stack: string): string[] {
    const file = { config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`fleet:${key}`, value])) };
    if (!editorSchema(file)) {
        return (editorSchema.errors ?? []).map(({ instancePath, message }) => `schema: ${instancePath} ${message}`);
    }
    return rulesFor(config).flatMap((rule) => {
        try {
            return rule(config, others, stack) ? [] : [rule.name];
        } catch (error) {
            return [`${rule.name}: ${String(error)}`];
        }
    });
}

const schemaFile = new URL("../../../../config/stack.schema.json", import.meta.url);
const editorSchema = new Ajv({ allErrors: true, strictTypes: true }).compile(
    JSON.parse(readFileSync(schemaFile, "utf8")),
);

function rulesFor({ role, cluster }: Tree): Rule[] {
    const ofKind = cluster.existing === undefined ? [ownClusterRules, networkRules, nodeRules] : [existingClusterRules];
    return [everyStackRules, ...ofKind, role === "hub" ? argocdRules : []].flat();
}
