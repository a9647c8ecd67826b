import { binds } from "./condition.ts";
import type { Principal, Statement } from "./document.ts";
import { isOpen, matches, overlap, within } from "./pattern.ts";

/** Whether a statement is about an action, such as `sts:AssumeRole`. */
export function coversAction(statement: Statement, action: string): boolean {
    const wanted = action.toLowerCase();
    const named = statement.actions.some((pattern) => matches(pattern.toLowerCase(), wanted));
    return named !== statement.notAction;
}

/** Actions of a statement that no pattern of a list contains; everything, when it names what it leaves out. */
export function actionsOutside(statement: Statement, allowed: readonly string[]): string[] {
    if (statement.notAction) {
        return [`everything but ${statement.actions.join(", ")}`];
    }
    return statement.actions.filter(
        (action) => !allowed.some((pattern) => within(action.toLowerCase(), pattern.toLowerCase())),
    );
}

/** Whether a statement gives all actions, or all of a service. */
export function starAction(statement: Statement): string | undefined {
    if (statement.notAction) {
        return `everything but ${statement.actions.join(", ")}`;
    }
    return statement.actions.find((action) => /^[*?]*$/.test(action) || /^[^:]*:[*?]*$/.test(action));
}

/** Whether a statement is about every resource of every account: `*`, or an ARN whose parts are all open. */
export function everyResource(statement: Statement): boolean {
    return statement.notResource || statement.resources.some(isEveryArn);
}

/** `*`, `arn:aws:*`, `arn:aws:s3:::*`, `arn:aws:iam::*:role/*`, … : neither account nor name is given. */
export function isEveryArn(pattern: string): boolean {
    if (/^[*?]*$/.test(pattern)) {
        return true;
    }
    const [, , , , account = "*", ...rest] = pattern.split(":");
    const [, ...name] = rest.join(":").split(/[:/]/);
    const open = (text: string) => /^[*?]*$/.test(text);
    return open(account) && open(rest.length === 0 ? "*" : name.length === 0 ? rest.join(":") : name.join("/"));
}

/** The account in an ARN, or of a bare account id; undefined when it names none, or a pattern. */
export function accountOf(principal: string): string | undefined {
    return /^(?:arn:[^:*?]+:[^:]*:[^:]*:)?(\d{12})(?::|$)/.exec(principal)?.[1];
}

/** Whether a principal is a whole account: its id, or its root. */
export function isWholeAccount({ kind, name }: Principal): boolean {
    return kind === "AWS" && /^(?:arn:[^:]+:iam::)?\d{12}(?::root)?$/.test(name);
}

/** Whether a statement lets in callers it does not name: everybody, a pattern, or all but some. */
export function openPrincipals(statement: Statement): string[] {
    if (statement.notPrincipal) {
        return [`everybody but ${statement.principals.map(({ name }) => name).join(", ")}`];
    }
    return statement.principals.filter(({ kind, name }) => kind === "*" || isOpen(name)).map(({ name }) => name);
}

/** Whether conditions narrow callers down to known ones: an organisation, an account, or ARNs of one account. */
export function narrowsCaller({ conditions }: Statement): boolean {
    const closed = (pattern: string) => !isOpen(pattern);
    const ofOneAccount = (pattern: string) => accountOf(pattern) !== undefined;
    return (
        [
            "aws:PrincipalOrgID",
            "aws:PrincipalAccount",
            "kms:CallerAccount",
            "aws:SourceAccount",
            "aws:SourceOrgID",
        ].some((key) => binds(conditions, key, closed)) ||
        ["aws:PrincipalArn", "aws:SourceArn"].some((key) => binds(conditions, key, ofOneAccount))
    );
}

/** Whether a statement's resources reach something that a pattern matches. */
export function reaches(statement: Statement, pattern: string): boolean {
    return statement.notResource || statement.resources.some((resource) => overlap(resource, pattern));
}
