import { text } from "./fields.ts";
import { shown } from "./problems.ts";

/** The ARN of one IAM role of the AWS partition, with its path. */
export const roleArn = text((value) => {
    const problem = roleArnProblem(value);
    return problem === undefined
        ? undefined
        : `E-IAM-001 ${problem} (got ${shown(value)}; allowed: arn:aws:iam::<account>:role/<path and name>). ` +
              "Fix: name one role of the cluster's account.";
}).meta({ allowed: "the ARN of one role", examples: ["arn:aws:iam::111111111111:role/developers"] });

function roleArnProblem(value: string): string | undefined {
    if (/[*?]/.test(value)) {
        return "a wildcard, an access entry takes one role";
    }
    const [arn, partition, service, region, account, ...resource] = value.split(":");
    if (arn !== "arn" || service !== "iam" || region !== "") {
        return "not a role's ARN";
    }
    if (partition !== "aws") {
        return "another partition than aws";
    }
    return /^\d{12}$/.test(account ?? "") && /^role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/.test(resource.join(":"))
        ? undefined
        : "not a role's ARN";
}
