import { styleText } from "node:util";

import { componentTree, type ComponentGroup } from "./component-tree.ts";
import type { PlanReport, StackReport } from "./report.ts";
import { count, shortType, wrap } from "./text.ts";

/** How the plan is shown. */
export interface RenderStyle {
    color: boolean;
    /** Columns of a line. */
    width: number;
}

type Format = Parameters<typeof styleText>[0];
type Violation = StackReport["policies"]["violations"][number];

/** The plan as text: per stack what it would create, its outputs and violations; then every rule. */
export function renderPlan(report: PlanReport, style: RenderStyle): string {
    const paint = painter(style);
    const stacks = report.stacks.flatMap((stack) => [...stackLines(stack, style), ""]);
    return [...stacks, ...ruleLines(report, style), "", ...closing(report, paint)].join("\n");
}

function stackLines(stack: StackReport, style: RenderStyle): string[] {
    const paint = painter(style);
    const numbers = (["resource", "provider", "component"] as const).map((kind) =>
        count(stack.creates.filter((each) => each.kind === kind).length, kind),
    );
    const facts = `role ${stack.role}, cluster ${stack.clusterName}, account ${stack.accountId}, ${stack.region}`;
    return [
        `${paint(["bold", "cyan"], stack.name)}  ${facts}`,
        paint("dim", "─".repeat(style.width)),
        `  ${paint("bold", "Would create")} ${numbers.join(", ")}`,
        "",
        ...treeLines(stack, style),
        "",
        ...outputLines(stack, style),
        "",
        ...violationLines(stack, style),
    ];
}

function treeLines(stack: StackReport, style: RenderStyle): string[] {
    const root = componentTree(stack.creates);
    const rows: { label: string; rail: string; group: ComponentGroup }[] = [];
    const visit = (group: ComponentGroup, label: string, rail: string) => {
        rows.push({ label: `${label}${componentLabel(group)}`, rail, group });
        group.groups.forEach((child, index) => {
            const last = index === group.groups.length - 1;
            visit(child, `${rail}${last ? "└─ " : "├─ "}`, `${rail}${last ? "   " : "│  "}`);
        });
    };
    if (root.resources.size > 0) {
        rows.push({ label: "(no component)", rail: "", group: { ...root, groups: [] } });
    }
    root.groups.forEach((group) => visit(group, "", ""));
    const paint = painter(style);
    const column = Math.max(...rows.map(({ label }) => label.length)) + 4;
    return rows.flatMap(({ label, rail, group }) => {
        const items = [...group.resources].map(([type, number]) => times(shortType(type), number));
        const [first = "", ...rest] = wrap(items, ", ", style.width - column);
        const below = group.groups.length > 0 ? `${rail}│` : rail;
        return [
            `  ${label.padEnd(column - 2)}${paint("dim", first)}`.trimEnd(),
            ...rest.map((line) => `  ${below.padEnd(column - 2)}${paint("dim", line)}`),
        ];
    });
}

function componentLabel({ type, count: number }: ComponentGroup): string {
    return times(type.split(":").at(-1) ?? type, number);
}

function outputLines(stack: StackReport, style: RenderStyle): string[] {
    const { outputs } = stack;
    const paint = painter(style);
    const names = Object.keys(outputs);
    const column = Math.max(0, ...names.map((name) => name.length)) + 6;
    const reads = stack.reads.map((name) => `; reads those of ${name}`).join("");
    return [
        `  ${paint("bold", "Outputs")}${reads}`,
        ...Object.entries(outputs).map(([name, output]) => {
            const value = output.known ? valueText(output.value) : "known after deployment";
            const room = style.width - column;
            const shown = value.length > room ? `${value.slice(0, room - 1)}…` : value;
            return `    ${name.padEnd(column - 4)}${output.known ? shown : paint("dim", shown)}`;
        }),
    ];
}

function valueText(value: unknown): string {
    if (Array.isArray(value)) {
        return value.map(valueText).join(", ") || "none";
    }
    if (value === "") {
        return "none";
    }
    return typeof value === "string" ? value : JSON.stringify(value);
}

function violationLines({ policies }: StackReport, style: RenderStyle): string[] {
    const paint = painter(style);
    const evaluations = Object.values(policies.evaluations).reduce((sum, number) => sum + number, 0);
    const verdict =
        policies.violations.length === 0
            ? paint("green", "no violations")
            : paint("red", count(policies.violations.length, "violation"));
    const rules = count(Object.keys(policies.evaluations).length, "rule");
    return [
        `  ${paint("bold", "Policies")}  ${rules}, ${count(evaluations, "evaluation")}, ${verdict}`,
        ...policies.remediated.map(({ rule, type, name }) => `    corrected by ${rule}: ${name} (${shortType(type)})`),
        ...policies.violations.flatMap((violation) => oneViolation(violation, style)),
    ];
}

function oneViolation({ rule, level, severity, resource, message, remediation }: Violation, style: RenderStyle) {
    const paint = painter(style);
    const block = (text: string) => wrap(text.split(/\s+/), " ", style.width - 6).map((line) => `      ${line}`);
    const mandatory = level === "mandatory";
    const mark = paint(mandatory ? "red" : "yellow", `${mandatory ? "✖" : "!"} ${level}`);
    return [
        "",
        `    ${mark}  ${paint("bold", rule)}${severity === null ? "" : `  ${severity}`}`,
        ...(resource === null ? [] : [`      ${resource.name} ${paint("dim", `(${shortType(resource.type)})`)}`]),
        // Rules name the resource first; it stands above already.
        ...block(
            resource !== null && message.startsWith(`${resource.name}: `)
                ? message.slice(resource.name.length + 2)
                : message,
        ),
        ...block(`Fix: ${remediation}`).map((line) => paint("green", line)),
    ];
}

function ruleLines({ policyPack, stacks }: PlanReport, style: RenderStyle): string[] {
    if (policyPack === null) {
        return [];
    }
    const paint = painter(style);
    const total = (rule: string) => stacks.reduce((sum, { policies }) => sum + (policies.evaluations[rule] ?? 0), 0);
    const rows = policyPack.rules.map((rule) => ({
        cells: [rule.name, rule.severity ?? "-", rule.level],
        each: stacks.map(({ policies }) => String(policies.evaluations[rule.name] ?? "-")),
        all: rule.level === "disabled" ? "-" : String(total(rule.name)),
    }));
    const heads = ["RULE", "SEVERITY", "LEVEL"];
    const widths = heads.map((head, index) =>
        Math.max(head.length, ...rows.map(({ cells }) => cells[index]?.length ?? 0)),
    );
    const left = (cells: string[]) => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ");
    const names = stacks.map(({ name }) => name);
    const fits =
        2 + left(heads).length + names.reduce((sum, name) => sum + Math.max(name.length, 3) + 2, 0) <= style.width;
    const columns = fits ? names : ["all"];
    const right = (cells: readonly string[]) =>
        cells.map((cell, index) => `  ${cell.padStart(Math.max(3, columns[index]?.length ?? 0))}`).join("");
    return [
        paint("bold", `Policy pack ${policyPack.name} ${policyPack.version}: evaluations of each rule`),
        paint("dim", `  ${left(heads)}${right(columns)}`),
        ...rows.map(({ cells, each, all }) => `  ${left(cells)}${right(fits ? each : [all])}`),
    ];
}

function closing({ stacks, ok }: PlanReport, paint: ReturnType<typeof painter>): string[] {
    const created = stacks.reduce((sum, { creates }) => sum + creates.length, 0);
    const violations = stacks.flatMap(({ policies }) => policies.violations);
    const mandatory = violations.filter((violation) => violation.level === "mandatory").length;
    const verdict = ok
        ? paint("green", violations.length === 0 ? "no violations" : count(violations.length, "advisory violation"))
        : paint("red", count(mandatory, "mandatory violation"));
    return [`${count(stacks.length, "stack")}, ${created} to create, ${verdict}. Nothing was created.`];
}

function times(text: string, number: number): string {
    return number === 1 ? text : `${text} ×${number}`;
}

function painter({ color }: RenderStyle): (format: Format, text: string) => string {
    return (format, text) => (color && text !== "" ? styleText(format, text, { validateStream: false }) : text);
}
