import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";

import { described, type Exemption, type Rule, type RuleText } from "./rule.ts";
import { exempting, failClosed, isExempt, today } from "./verdict.ts";

// Properties come from the wire: of any type, whatever the provider's schema says.
type Props = Record<string, any>;

/** What a rule sees of one resource. */
export interface Subject<Settings> {
    type: string;
    /** Logical name. */
    name: string;
    /** Name of the stack. */
    stack: string;
    /** Reading a value that is not known yet ends the judgement as a violation that names it. */
    props: Props;
    protect: boolean;
    /** Inputs of the provider; none when it is the default one. */
    provider: Props;
    settings: Settings;
    /** Reports a violation: what is wrong, then `Fix: …`. The resource's name is put before it. */
    fail: (message: string) => void;
    /** Ends the judgement: the rule is not about this resource. */
    skip: (reason: string) => never;
}

/** How a rule corrects a resource, instead of refusing it. Returns whether there was something to correct. */
export type Correction<Settings> = (
    props: Props,
    subject: { type: string; provider: Props; settings: Settings },
) => boolean;

/**
 * A rule that looks at one resource at a time, before it is made.
 *
 * @param types tokens it is about, or whether it is about a token
 */
export function resourceRule<Settings extends object = Record<string, never>>(
    text: RuleText,
    types: readonly string[] | ((type: string) => boolean),
    judge: (subject: Subject<Settings>) => void,
    correct?: Correction<Settings>,
): Rule {
    const applies = typeof types === "function" ? types : (type: string) => types.includes(type);
    const about = typeof types === "function" ? "other types" : types.join(", ");
    const rule: ResourceValidationPolicy & { text: RuleText } = {
        ...described(text),
        validateResource: (args, report) => {
            if (!applies(args.type)) {
                args.notApplicable(`is about ${about}`);
            }
            const settings = args.getConfig<Settings & { exemptions?: Exemption[] }>();
            const tell = exempting(settings.exemptions ?? [], today(), report);
            const fail = (message: string) => tell(args.name, message);
            failClosed(args.name, () => judge(subject(args, settings, (m) => fail(`${args.name}: ${m}`))), fail);
        },
    };
    if (correct !== undefined) {
        rule.remediateResource = (args) => {
            if (!applies(args.type)) {
                args.notApplicable(`is about ${about}`);
            }
            const props = args.props as Props;
            const settings = args.getConfig<Settings & { exemptions?: Exemption[] }>();
            if (isExempt(settings.exemptions ?? [], today(), args.name)) {
                return undefined;
            }
            const changed = correct(props, { type: args.type, provider: args.provider?.props ?? {}, settings });
            return changed ? props : undefined;
        };
    }
    return rule;
}

function subject<Settings>(
    args: ResourceValidationArgs,
    settings: Settings,
    fail: (message: string) => void,
): Subject<Settings> {
    const { type, name, props, opts, provider } = args;
    return {
        type,
        name,
        stack: args.urn.split("::")[0]?.split(":")[2] ?? "",
        props,
        protect: opts.protect,
        provider: provider?.props ?? {},
        settings,
        fail,
        skip: (reason) => {
            args.notApplicable(reason);
            throw new Error("unreachable: notApplicable throws");
        },
    };
}
