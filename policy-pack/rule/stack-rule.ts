import type { PolicyResource, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";

import { described, type Exemption, type Rule, type RuleText } from "./rule.ts";
import { exempting, failClosed, today } from "./verdict.ts";

type Props = Record<string, any>;

/** A resource among the others of its stack. */
export interface Member {
    type: string;
    name: string;
    /** Reading a value that is not known yet ends the judgement of this resource as a violation. */
    props: Props;
    resource: PolicyResource;
    /** Whether a property has a value, known or not. */
    has: (property: string) => boolean;
    /**
     * The value, or undefined while it is not known. What it is made from is asked of {@link from} then.
     */
    known: (property: string) => unknown;
    /** Resources whose outputs a property is made from. */
    from: (property: string) => Member[];
    /** Reports a violation of this resource. */
    fail: (message: string) => void;
}

/** What a rule sees of a stack. */
export interface Whole<Settings> {
    stack: string;
    settings: Settings;
    /** Resources of some types. */
    members: (...types: readonly string[]) => Member[];
    /** Judges resources one after the other, so that an unknown value of one does not hide the others' violations. */
    each: (members: readonly Member[], judge: (member: Member) => void) => void;
    /** Ends the judgement: the stack has nothing the rule is about. */
    skip: (reason: string) => never;
}

/** A rule that needs to see several resources, or what a value that is not known yet is made from. */
export function stackRule<Settings extends object = Record<string, never>>(
    text: RuleText,
    judge: (whole: Whole<Settings>) => void,
): Rule {
    const policy: StackValidationPolicy & { text: RuleText } = {
        ...described(text),
        validateStack: (args, report) => {
            const settings = args.getConfig<Settings & { exemptions?: Exemption[] }>();
            const members = new Map<string, Member>();
            const urns = new Map(args.resources.map((resource) => [resource.urn, resource]));
            const failFor = (resource: PolicyResource) =>
                exempting(settings.exemptions ?? [], today(), (message) => report(message, resource.urn));
            const member = (resource: PolicyResource): Member => {
                const known = members.get(resource.urn);
                if (known !== undefined) {
                    return known;
                }
                const made = memberOf(resource, member, failFor(resource));
                members.set(resource.urn, made);
                return made;
            };
            judge({
                stack: stackOf(args),
                settings,
                members: (...types) => [...urns.values()].filter(({ type }) => types.includes(type)).map(member),
                each: (list, one) => {
                    for (const each of list) {
                        const tell = failFor(each.resource);
                        failClosed(
                            each.name,
                            () => one(each),
                            (message) => tell(each.name, message),
                        );
                    }
                },
                skip: (reason) => {
                    args.notApplicable(reason);
                    throw new Error("unreachable: notApplicable throws");
                },
            });
        },
    };
    return policy;
}

function memberOf(
    resource: PolicyResource,
    member: (resource: PolicyResource) => Member,
    tell: (name: string, message: string) => void,
): Member {
    const { type, name, props } = resource;
    return {
        type,
        name,
        props,
        resource,
        has: (property) => property in props || (resource.propertyDependencies[property] ?? []).length > 0,
        known: (property) => {
            let value: unknown;
            failClosed(
                name,
                () => (value = plain((props as Props)[property])),
                () => {},
            );
            return value;
        },
        from: (property) => (resource.propertyDependencies[property] ?? []).map(member),
        fail: (message) => tell(name, `${name}: ${message}`),
    };
}

/** Touches everything in a value, so that an unknown part of it is met here. */
function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
        return [...(value as unknown[])].map(plain);
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.keys(value).map((key) => [key, plain((value as Props)[key])]));
    }
    return value;
}

function stackOf({ resources }: StackValidationArgs): string {
    return resources[0]?.urn.split("::")[0]?.split(":")[2] ?? "";
}
