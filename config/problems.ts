import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { nearest } from "./suggest.ts";

/** Something wrong with the configuration. */
export interface Problem {
    /** Stable code, for example E-NET-001; documentation and tests refer to it. */
    code: string;
    /** Where, as `pulumi config` spells it: `fleet:network.cidr`. */
    key: string;
    /** What is wrong, what was given, what is allowed, how to fix it. */
    text: string;
}

/** All problems of one stack's configuration in one message, which Pulumi shows without a stack trace. */
export class ConfigError extends pulumi.RunError {
    readonly problems: readonly Problem[];

    constructor(stack: string, problems: readonly Problem[]) {
        const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
        const lines = problems.map(({ code, key, text }) => `  ${code} ${key}: ${oneLine(text)}`);
        super([`Pulumi.${stack}.yaml has ${count}; nothing was created.`, ...lines].join("\n"));
        this.name = "ConfigError";
        this.problems = problems;
    }
}

/** A text on one line, and without its middle where that helps nobody. */
function oneLine(text: string): string {
    const line = text.replaceAll(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
    return line.length > longestLine ? `${line.slice(0, longestLine / 2)} … ${line.slice(-longestLine / 2)}` : line;
}

const longestLine = 1_000;

/** Longest value that a message repeats in full. */
const longestShown = 200;

/** A value as it appears in a message: on one line, and not longer than helps. */
export function shown(value: unknown): string {
    const text = JSON.stringify(value);
    return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** A key as `pulumi config` spells it. */
export function configKey(path: readonly PropertyKey[]): string {
    return path.reduce<string>((key, part, index) => {
        if (typeof part === "number") {
            return `${key}[${part}]`;
        }
        const name = /^[^\p{Cc}]{1,100}$/u.test(String(part)) ? String(part) : shown(part);
        return index === 0 ? `fleet:${name}` : `${key}.${name}`;
    }, "fleet");
}

/** What {@link problemsOf} asks about a path of the configuration. */
export interface Paths {
    /** Keys that are allowed there, to suggest one from. */
    keysAt(path: readonly PropertyKey[]): readonly string[];
    /** Whether a message must not repeat the value. */
    isHidden(path: readonly PropertyKey[]): boolean;
}

/**
 * Turns what zod found into problems. An issue whose message starts with a code keeps it; zod's own become E-CFG-001
 * (unknown key), E-CFG-003 (missing) or E-CFG-002 (anything else about type or value).
 */
export function problemsOf(issues: readonly z.core.$ZodIssue[], paths: Paths): Problem[] {
    return issues.flatMap((issue): Problem[] => {
        const key = configKey(issue.path);
        const hidden = paths.isHidden(issue.path);
        const coded = /^(E-[A-Z0-9]+-\d{3}) (.*)$/s.exec(issue.message);
        if (coded?.[1] !== undefined && coded[2] !== undefined) {
            return [{ code: coded[1], key, text: hidden ? withoutGiven(coded[2]) : coded[2] }];
        }
        if (issue.code === "invalid_key") {
            const name = issue.path.at(-1);
            return problemsOf(
                issue.issues.map((inner) => ({ ...inner, path: issue.path, input: name }) as z.core.$ZodIssue),
                paths,
            );
        }
        if (issue.code === "invalid_union" && issue.errors.length > 0) {
            return problemsOf(
                meantForm(issue.errors).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
                paths,
            );
        }
        if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
            const given = (issue.input as Record<string, unknown>)[issue.discriminator];
            const words = "options" in issue ? (issue.options ?? []).map(String) : [];
            return [given === undefined ? missing(key, words) : wrongWord(key, given, words, hidden)];
        }
        if (issue.code === "unrecognized_keys") {
            const allowed = paths.keysAt(issue.path);
            return issue.keys.map((unknown) => ({
                code: "E-CFG-001",
                key: configKey([...issue.path, unknown]),
                text: allowed.includes(unknown)
                    ? strangerText(issue.input, issue.keys)
                    : `unknown key; ${suggestion(unknown, allowed)}`,
            }));
        }
        if (issue.input === undefined) {
            const expected =
                "expected" in issue && issue.expected !== "nonoptional" ? ` (${String(issue.expected)})` : "";
            return [{ code: "E-CFG-003", key, text: `missing${expected}. Fix: set it in the stack's file.` }];
        }
        const got = hidden ? "a value that is not repeated here" : shown(issue.input);
        return [{ code: "E-CFG-002", key, text: `${issue.message} (got ${got}).` }];
    });
}

/** Of a map with several forms, the problems of the form that was probably meant: the one with the fewest strange keys. */
function meantForm(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
    const strangeKeys = (issues: readonly z.core.$ZodIssue[]) =>
        issues.flatMap((issue) => (issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : []));
    return forms.toSorted((a, b) => strangeKeys(a).length - strangeKeys(b).length || a.length - b.length)[0] ?? [];
}

/** The value that says which form a map has is missing. */
function missing(key: string, words: readonly string[]): Problem {
    return { code: "E-CFG-003", key, text: `missing (one of ${words.join(", ")}). Fix: set it in the stack's file.` };
}

/** The value that says which form a map has is none of its words. */
function wrongWord(key: string, given: unknown, words: readonly string[], hidden: boolean): Problem {
    const meant = typeof given === "string" ? nearest(given, words) : undefined;
    const fix = meant === undefined ? "use one of them." : `did you mean ${meant}?`;
    const text = `not one of ${words.join(", ")} (got ${shown(given)}). Fix: ${fix}`;
    return { code: "E-CFG-002", key, text: hidden ? withoutGiven(text) : text };
}

/** A key of another form of the same map. */
function strangerText(input: unknown, strangers: readonly string[]): string {
    const others = Object.keys(input ?? {}).filter((other) => !strangers.includes(other));
    return `does not go together with ${others.join(", ")}. Fix: remove it, or what it does not go with.`;
}

/** A message without the value it complains about. Values are always shown as `(got <JSON>` in it. */
function withoutGiven(text: string): string {
    return text.replace(/\(got ("(?:[^"\\]|\\.)*"|[^;,)]*)/, "(got a value that is not repeated here");
}

function suggestion(unknown: string, allowed: readonly string[]): string {
    const meant = nearest(unknown, allowed);
    return meant === undefined ? `allowed: ${allowed.join(", ")}.` : `did you mean ${meant}?`;
}
