import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzerInfo, ConfigureAnalyzerRequest, PolicyInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Ajv, type ValidateFunction } from "ajv";

import type { Props } from "../engine/kit/types.ts";
import { decode, encode } from "../engine/kit/values.ts";

/** What a rule does with a resource that breaks it. */
export type Level = "advisory" | "mandatory" | "disabled" | "remediate";

/** How a rule is run. */
export interface RuleConfig {
    level: Level;
    properties: Props;
}

/** What a `--policy-pack-config` file says: levels, or levels and settings, by rule. */
export type ConfigFile = Readonly<Record<string, string | ({ enforcementLevel?: string } & Readonly<Props>)>>;

/**
 * The configuration the engine gives a pack: the schemas' defaults, then the pack's own, then the file's
 * (`ReconcilePolicyPackConfig` in pkg/resource/analyzer/config.go of github.com/pulumi/pulumi). Without it, a rule sees
 * none of its settings.
 *
 * @param file what stands in the file named by `--policy-pack-config`; without one nothing is overridden
 * @returns by rule; also names that no rule has, which the engine hands to the pack as well
 * @throws when a rule's settings do not fit its schema; the engine refuses such a pack too
 */
export function packConfig(info: AnalyzerInfo, file: ConfigFile = {}): Map<string, RuleConfig> {
    const config = new Map<string, RuleConfig>();
    const initial = info.getInitialconfigMap();
    const all = initial.get("all");
    for (const rule of info.getPoliciesList()) {
        const own = initial.get(rule.getName());
        config.set(rule.getName(), {
            level: levelOf((own ?? all ?? rule).getEnforcementlevel()),
            properties: { ...defaults(rule), ...decode(own?.getProperties()) },
        });
    }
    applyFile(config, file);
    const problems = info.getPoliciesList().flatMap((rule) => schemaProblems(rule, config.get(rule.getName())));
    if (problems.length > 0) {
        throw new Error(
            `the policy pack ${info.getName()} is not configured as its rules ask:\n${problems.join("\n")}`,
        );
    }
    return config;
}

function applyFile(config: Map<string, RuleConfig>, file: ConfigFile): void {
    const entries = Object.entries(file).map(([rule, given]) => {
        const { enforcementLevel, ...properties } = typeof given === "string" ? { enforcementLevel: given } : given;
        if (enforcementLevel !== undefined && !(enforcementLevel in levels)) {
            throw new Error(
                `the policy configuration gives ${rule} the level "${enforcementLevel}", which Pulumi does not have`,
            );
        }
        return { rule, level: enforcementLevel as Level | undefined, properties };
    });
    const all = entries.find(({ rule }) => rule === "all")?.level;
    if (all !== undefined) {
        for (const [rule, own] of config) {
            config.set(rule, { ...own, level: all });
        }
    }
    for (const { rule, level, properties } of entries) {
        const own = config.get(rule);
        const effective = level ?? own?.level;
        if (effective === undefined) {
            throw new Error(
                `the policy configuration gives ${rule} settings without a level, and no rule has this name`,
            );
        }
        config.set(rule, { level: effective, properties: { ...own?.properties, ...properties } });
    }
}

/** The request that hands a configuration to the pack. */
export function configureRequest(config: ReadonlyMap<string, RuleConfig>): ConfigureAnalyzerRequest {
    const request = new analyzerPb.ConfigureAnalyzerRequest();
    for (const [rule, { level, properties }] of config) {
        const own = new analyzerPb.PolicyConfig().setProperties(encode(properties));
        request.getPolicyconfigMap().set(rule, own.setEnforcementlevel(levels[level]));
    }
    return request;
}

const levels = {
    advisory: analyzerPb.EnforcementLevel.ADVISORY,
    mandatory: analyzerPb.EnforcementLevel.MANDATORY,
    disabled: analyzerPb.EnforcementLevel.DISABLED,
    remediate: analyzerPb.EnforcementLevel.REMEDIATE,
} as const;

/** Name of a level on the wire; throws on one that is not known. */
export function levelOf(wire: number): Level {
    const found = (Object.keys(levels) as Level[]).find((level) => wire === (levels[level] as number));
    if (found === undefined) {
        throw new Error(`the policy pack answered enforcement level ${wire}, which Pulumi does not have`);
    }
    return found;
}

function defaults(rule: PolicyInfo): Props {
    const given = Object.entries(decode(rule.getConfigschema()?.getProperties())).flatMap(([name, schema]) => {
        const fallback = (schema as Props).default;
        return fallback === undefined ? [] : [[name, fallback] as const];
    });
    return Object.fromEntries(given);
}

function schemaProblems(rule: PolicyInfo, config: RuleConfig | undefined): string[] {
    const validate = validatorOf(rule);
    if (validate === undefined || validate(config?.properties ?? {})) {
        return [];
    }
    return (validate.errors ?? []).map(
        ({ instancePath, message }) =>
            `  ${rule.getName()}${instancePath.replaceAll("/", ".")}: ${message ?? "invalid"}`,
    );
}

const ajv = new Ajv({ strict: false, allErrors: true });
const validators = new WeakMap<PolicyInfo, ValidateFunction>();

/** Compiled once per rule: a pack is configured anew for every stack. */
function validatorOf(rule: PolicyInfo): ValidateFunction | undefined {
    const schema = rule.getConfigschema();
    if (schema === undefined) {
        return undefined;
    }
    const known = validators.get(rule);
    if (known !== undefined) {
        return known;
    }
    const properties = decode(schema.getProperties());
    const compiled = ajv.compile({ type: "object", properties, required: schema.getRequiredList() });
    validators.set(rule, compiled);
    return compiled;
}
