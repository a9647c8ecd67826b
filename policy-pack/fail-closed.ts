import { UnknownValueError, type ReportViolation, type ResourceValidation } from "@pulumi/policy";

/**
 * A rule that meets a value it cannot know yet is skipped by Pulumi with a notice, and a preview passes on what nobody
 * judged. Wrapped, it is a violation: the values that rules look at are built from constants for this reason.
 */
export function failClosed(validate: ResourceValidation): ResourceValidation {
    return async (args, report: ReportViolation) => {
        try {
            await validate(args, report);
        } catch (error) {
            if (!(error instanceof UnknownValueError)) {
                throw error;
            }
            const { props } = error as { props: string[] };
            report(
                `${args.name}: cannot be judged, because ${props.join(".")} is not known yet. ` +
                    "Fix: build it from constants, not from another resource's outputs.",
            );
        }
    };
}
