import { deployRoleArn, fleetRoleArn, spokeRoleName } from "../../contract/names.ts";
import { shown, type Problem } from "../problems.ts";
import type { Known } from "./known.ts";

/** Whether the roles let into the cluster are the account's, and each is let in once. */
export function accessProblems({ cluster, account, iam }: Known): Problem[] {
    if (cluster === undefined) {
        return [];
    }
    const own =
        account === undefined
            ? []
            : [deployRoleArn(account), fleetRoleArn(account.id, spokeRoleName(cluster.name), iam?.path)];
    return cluster.access.flatMap(({ principalArn, access }, index) => {
        const key = `fleet:cluster.access[${index}].principalArn`;
        const first = cluster.access.findIndex(
            (other) => other.principalArn === principalArn && other.access === access,
        );
        const problems: Problem[] = [];
        if (account !== undefined && principalArn.split(":")[4] !== account.id) {
            const text =
                `a role of another account (got ${shown(principalArn)}; the cluster's account is ${account.id}). ` +
                "Fix: name a role of the cluster's account, which the other one may be allowed to assume.";
            problems.push({ code: "E-IAM-001", key, text });
        }
        if (first < index) {
            const text = `access[${first}] lets this role in as ${access} already. Fix: list all its namespaces there.`;
            problems.push({ code: "E-IAM-005", key, text });
        }
        if (own.includes(principalArn)) {
            const text = `this stack lets the role in by itself (got ${shown(principalArn)}). Fix: remove the entry.`;
            problems.push({ code: "E-IAM-005", key, text });
        }
        return problems;
    });
}
