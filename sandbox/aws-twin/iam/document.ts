import { conditionKeyNames, findConditionKey } from "./condition-keys.ts";
import { isObject, messageOf, oneOf, requireKnown } from "./document-elements.ts";
import { parsePrincipal, type PolicyPrincipal } from "./document-principal.ts";
import { type Operator, parseOperator } from "./operators.ts";
import { hasVariables, parseTemplate, type Template } from "./template.ts";

/**
 * Where a policy is attached; decides which elements it must and may not have.
 * - identity: a role's inline or attached policy, or its permissions boundary
 * - trust: a role's trust policy
 * - resource: the policy of a secret or of a KMS key
 * - repository: the policy of an ECR repository, which is about that repository alone and so has no Resource
 */
export type PolicyKind = "identity" | "trust" | "resource" | "repository";

/** Kinds that have no Resource: the resource is what they are attached to. Each takes one service's actions. */
const ONLY_ACTIONS_OF: Readonly<Partial<Record<PolicyKind, string>>> = { trust: "sts", repository: "ecr" };

export interface Condition {
    operator: Operator;
    /** As the policy wrote it. */
    key: string;
    values: readonly Template[];
}

export interface Statement {
    /** The Sid, or `#1`, `#2`, … */
    id: string;
    effect: "Allow" | "Deny";
    principal?: readonly PolicyPrincipal[];
    actions: { not: boolean; patterns: readonly string[] };
    /** Absent in the policies of roles and repositories. */
    resources?: { not: boolean; patterns: readonly Template[] };
    conditions: readonly Condition[];
}

export interface PolicyDocument {
    statements: readonly Statement[];
}

/** A policy document that AWS would refuse, or that uses what this evaluator does not know. */
export class PolicyDocumentError extends Error {
    override name = "PolicyDocumentError";
}

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: Readonly<Record<PolicyKind, readonly string[]>> = {
    identity: ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
    trust: ["Sid", "Effect", "Principal", "Action", "NotAction", "Condition"],
    repository: ["Sid", "Effect", "Principal", "Action", "NotAction", "Condition"],
    resource: ["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"],
};

/**
 * Parses a policy document strictly.
 * @param name How messages call the policy, such as `trust policy of role x`.
 * @throws PolicyDocumentError that names the statement and the element, operator, key or variable at fault.
 */
export function parsePolicyDocument(json: string, kind: PolicyKind, name: string): PolicyDocument {
    const fail = (problem: string): never => {
        throw new PolicyDocumentError(`${name}: ${problem}`);
    };
    let document: unknown;
    try {
        document = JSON.parse(json);
    } catch (error) {
        return fail(`not JSON: ${messageOf(error)}`);
    }
    if (!isObject(document)) return fail("a policy document is a JSON object");
    requireKnown(document, DOCUMENT_ELEMENTS, fail);
    if (document["Version"] !== "2012-10-17") {
        return fail(`Version must be "2012-10-17", got ${JSON.stringify(document["Version"])}`);
    }
    const list: unknown[] = Array.isArray(document["Statement"]) ? document["Statement"] : [document["Statement"]];
    const statements = list.map((entry, index) => {
        const label = isObject(entry) && typeof entry["Sid"] === "string" ? entry["Sid"] : `#${index + 1}`;
        try {
            return parseStatement(entry, kind, label);
        } catch (error) {
            return fail(`statement ${label}: ${messageOf(error)}`);
        }
    });
    const repeated = statements.find(({ id }, index) => statements.findIndex((other) => other.id === id) !== index);
    if (repeated !== undefined) return fail(`two statements have the Sid "${repeated.id}"`);
    return { statements };
}

function parseStatement(entry: unknown, kind: PolicyKind, id: string): Statement {
    if (!isObject(entry)) throw new Error("a statement is a JSON object");
    requireKnown(entry, STATEMENT_ELEMENTS[kind], (problem) => {
        throw new Error(problem);
    });
    const effect = entry["Effect"];
    if (effect !== "Allow" && effect !== "Deny") {
        throw new Error(`Effect must be "Allow" or "Deny", got ${JSON.stringify(effect)}`);
    }
    return {
        id,
        effect,
        ...(kind === "identity" ? {} : { principal: parsePrincipal(entry["Principal"]) }),
        actions: parseActions(entry, kind),
        ...(kind in ONLY_ACTIONS_OF ? {} : { resources: parseResources(entry) }),
        conditions: parseConditions(entry["Condition"]),
    };
}

function parseActions(entry: Record<string, unknown>, kind: PolicyKind): Statement["actions"] {
    const { not, values } = oneOf(entry, "Action", "NotAction");
    for (const action of values) {
        if (action !== "*" && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action)) {
            throw new Error(`${not ? "NotAction" : "Action"} "${action}" is not "service:Action" or "*"`);
        }
        const service = ONLY_ACTIONS_OF[kind];
        if (service !== undefined && !action.toLowerCase().startsWith(`${service}:`)) {
            throw new Error(`Action "${action}": a ${kind} policy takes ${service}: actions only`);
        }
    }
    return { not, patterns: values };
}

function parseResources(entry: Record<string, unknown>): { not: boolean; patterns: Template[] } {
    const { not, values } = oneOf(entry, "Resource", "NotResource");
    for (const resource of values) {
        if (resource !== "*" && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(resource)) {
            throw new Error(`${not ? "NotResource" : "Resource"} "${resource}" is not an ARN or "*"`);
        }
        if (resource.split(":").slice(0, 5).join(":").includes("${")) {
            throw new Error(`Resource "${resource}": AWS takes policy variables only after an ARN's fifth colon`);
        }
    }
    return { not, patterns: values.map((value) => parseTemplate(value)) };
}

function parseConditions(block: unknown): Condition[] {
    if (block === undefined) return [];
    if (!isObject(block)) throw new Error("Condition is a JSON object");
    return Object.entries(block).flatMap(([name, keys]) => {
        const operator = parseOperator(name);
        if (!isObject(keys)) throw new Error(`Condition ${name} is a JSON object`);
        return Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values));
    });
}

function parseCondition(operator: Operator, key: string, values: unknown): Condition {
    const known = findConditionKey(key);
    if (known === undefined) {
        throw new Error(`condition key "${key}" is not supported (supported: ${conditionKeyNames()})`);
    }
    if (known.several && operator.set === undefined && !operator.base.isNull) {
        throw new Error(
            `condition key "${key}" has several values: use ForAllValues: or ForAnyValue: before the operator`,
        );
    }
    const list: unknown[] = Array.isArray(values) ? values : [values];
    if (list.length === 0) throw new Error(`Condition ${operator.name} ${key} has no value`);
    const templates = list.map((value) => {
        if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
            throw new Error(`Condition ${operator.name} ${key}: ${JSON.stringify(value)} is not a string`);
        }
        const template = parseTemplate(String(value));
        if (hasVariables(template)) {
            if (!operator.base.variables) throw new Error(`Condition ${operator.name} ${key} takes no policy variable`);
        } else if (!operator.base.accepts(template.text)) {
            throw new Error(`Condition ${operator.name} ${key}: "${template.text}" is not a value of that type`);
        }
        return template;
    });
    return { operator, key, values: templates };
}
