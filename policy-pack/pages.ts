import type { ExampleResource, Rule } from "./rule/rule.ts";

/** Levels by environment, then by rule. */
export type Levels = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The pages of docs/policies: one per rule, and the index. By file name. */
export function policyPages(rules: readonly Rule[], levels: Levels): Record<string, string> {
    const pages = rules.map((rule) => [`${rule.name}.md`, page(rule, levels)] as const);
    return { ...Object.fromEntries(pages), "README.md": index(rules, levels) };
}

const generated = "<!-- Made by `npm run docs:policies` from policy-pack/; do not edit. -->";

function page(rule: Rule, levels: Levels): string {
    const { name, description, severity, framework, why, remediationSteps, settings = {}, bad, good } = rule.text;
    const own = Object.entries(levels).map(([environment, byRule]) => `${environment} ${byRule[name] ?? "mandatory"}`);
    const rows = Object.entries(settings).map(
        ([setting, schema]) => `| \`${setting}\` | ${schema.description} | \`${JSON.stringify(schema.default)}\` |`,
    );
    const table = ["| setting | what it says | default |", "| --- | --- | --- |", ...rows].join("\n");
    return [
        generated,
        `# ${name}`,
        `${description} Severity ${severity}; ${own.join(", ")}.`,
        `Asked for by: ${framework.name} ${framework.version}, ${framework.reference} (${framework.specification}).`,
        `## Why\n\n${why}`,
        `## Bad\n\n${example(bad)}`,
        `## Good\n\n${example(good)}`,
        `## What to do\n\n${remediationSteps}`,
        ...(rows.length > 0 ? [`## Settings\n\n${table}`] : []),
        `## Exempt a resource\n\nIn \`policy-pack/config/<environment>.json\`; after its last day (UTC) the rule counts again:\n\n${exemption(name)}`,
        "",
    ].join("\n\n");
}

function example(resources: ExampleResource | readonly ExampleResource[]): string {
    const shown = [resources].flat().map(({ type, name, props, from, protect, provider }) => ({
        type,
        ...(name === undefined ? {} : { name }),
        ...(protect === undefined ? {} : { protect }),
        props,
        ...(from === undefined ? {} : { madeFrom: from }),
        ...(provider === undefined ? {} : { provider }),
    }));
    return `\`\`\`json\n${JSON.stringify(shown.length === 1 ? shown[0] : shown, null, 2)}\n\`\`\``;
}

function exemption(name: string): string {
    const config = {
        [name]: {
            enforcementLevel: "mandatory",
            exemptions: [
                {
                    resource: "<logical name>",
                    owner: "<team>",
                    reason: "<why it cannot be kept now>",
                    expires: "2027-03-31",
                },
            ],
        },
    };
    return `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``;
}

function index(rules: readonly Rule[], levels: Levels): string {
    const environments = Object.keys(levels);
    const head = ["rule", "severity", ...environments, "what to do"];
    const rows = rules.map(({ name, text }) => [
        `[${name}](${name}.md)`,
        text.severity,
        ...environments.map((environment) => levels[environment]?.[name] ?? "mandatory"),
        text.description,
    ]);
    const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
    return [
        generated,
        "# Policies",
        `The ${rules.length} rules of the policy pack. Environments differ by \`policy-pack/config/<environment>.json\`, over \`fleet.json\`, which holds without any.`,
        "Against AWS: `pulumi preview --policy-pack policy-pack --policy-pack-config policy-pack/config/prod.json`. A rule or setting that does not exist is refused (E-POL-001).",
        lines.join("\n"),
        "",
    ].join("\n\n");
}
