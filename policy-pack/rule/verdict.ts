import { UnknownValueError } from "@pulumi/policy";

import type { Exemption } from "./rule.ts";

/**
 * Runs a judgement. A rule that meets a value it cannot know yet is skipped by Pulumi with a notice, and a preview
 * passes on what nobody judged. Here it is a violation: the values that rules look at are built from constants.
 */
export function failClosed(resource: string, judge: () => void, report: (message: string) => void): void {
    try {
        judge();
    } catch (error) {
        if (!(error instanceof UnknownValueError)) {
            throw error;
        }
        const { props } = error as { props: string[] };
        report(
            `${resource}: cannot be judged, because ${props.join(".")} is not known yet. ` +
                "Fix: build it from constants, not from another resource's outputs.",
        );
    }
}

/**
 * Reports what breaks a rule, unless somebody exempted the resource. An exemption that is over is told with the
 * violation, so that its owner is asked first.
 *
 * @param today as in 2026-12-31
 */
export function exempting(
    exemptions: readonly Exemption[],
    today: string,
    report: (message: string) => void,
): (resource: string, message: string) => void {
    return (resource, message) => {
        if (isExempt(exemptions, today, resource)) {
            return;
        }
        const over = exemptions.find((exemption) => exemption.resource === resource);
        const note = over === undefined ? "" : ` (exempted by ${over.owner} until ${over.expires}, which is over)`;
        report(message + note);
    };
}

/** Whether an exemption of the resource still counts. */
export function isExempt(exemptions: readonly Exemption[], today: string, resource: string): boolean {
    return exemptions.some((one) => one.resource === resource && isDay(one.expires) && one.expires >= today);
}

/** A day that the calendar has: text compares as days only then. */
function isDay(text: string): boolean {
    const time = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** Today in UTC. The pack may read the clock: exemptions end by themselves. */
export function today(): string {
    return new Date().toISOString().slice(0, 10);
}
