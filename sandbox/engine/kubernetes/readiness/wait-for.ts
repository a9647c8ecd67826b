import type { Props, Value } from "../../kit/types.ts";
import { ANNOTATION, annotation, asList, asProps } from "../object.ts";
import { condition } from "./state.ts";
import type { Readiness } from "./state.ts";

type Expectation = (object: Props) => Readiness;

/**
 * What the annotation `pulumi.com/waitFor` asks for, or undefined without it. Understood are
 * `condition=<type>[=<status>]` and `jsonpath={.a.b[0].c}[=<value>]`, one or a JSON list of them.
 * Throws on anything else, naming it.
 */
export function waitFor(object: Props): Expectation | undefined {
    const text = annotation(object, ANNOTATION.waitFor);
    if (text === "") {
        return undefined;
    }
    const expectations = (text.startsWith("[") ? (JSON.parse(text) as string[]) : [text]).map(parse);
    return (live) => {
        const unmet = expectations.map((expectation) => expectation(live)).find(({ ready }) => !ready);
        return unmet ?? { ready: true, message: "ready" };
    };
}

function parse(text: string): Expectation {
    const byCondition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
    if (byCondition !== null) {
        const [, type = "", wanted = "True"] = byCondition;
        return (object) => {
            const found = condition(object, type)?.["status"];
            const ready = typeof found === "string" && found.toLowerCase() === wanted.toLowerCase();
            return { ready, message: `waiting for condition ${type} to be ${wanted}` };
        };
    }
    const byPath = /^jsonpath=\{?((?:\.[\w-]+|\[\d+\])+)\}?(?:=(.+))?$/.exec(text);
    if (byPath !== null) {
        const [, path = "", wanted] = byPath;
        return (object) => {
            const found = follow(object, path);
            const ready = wanted === undefined ? found !== undefined : found !== undefined && plain(found) === wanted;
            return { ready, message: `waiting for ${path}${wanted === undefined ? "" : ` to be ${wanted}`}` };
        };
    }
    throw new Error(
        `annotation ${ANNOTATION.waitFor}: "${text}" is not supported; ` +
            'write "condition=Ready", "condition=Ready=False" or "jsonpath={.status.phase}=Running"',
    );
}

function follow(object: Props, path: string): Value | undefined {
    const parts = path.match(/[\w-]+/g) ?? [];
    return parts.reduce<Value | undefined>((value, part) => {
        return Array.isArray(value) ? asList(value)[Number(part)] : asProps(value)?.[part];
    }, object);
}

function plain(value: Value): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
