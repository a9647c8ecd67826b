import path from "node:path";
import { stringify } from "yaml";
import { writeFileAtomic } from "../process/atomic-file.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { ClusterSpec } from "./spec.ts";

/** The files by which kube-apiserver asks the daemon who a caller is and what EKS's access policies allow. */
export interface WebhookFiles {
    /** kubeconfig for `--authentication-token-webhook-config-file`. */
    authentication: string;
    /** AuthorizationConfiguration for `--authorization-config`. */
    authorization: string;
}

export function writeWebhooks(dir: string, daemonUrl: string, spec: ClusterSpec): WebhookFiles {
    const base = `${daemonUrl}/eks/${spec.accountId}/${spec.region}/${spec.name}`;
    const files: WebhookFiles = {
        authentication: path.join(dir, "authenticate.kubeconfig"),
        authorization: path.join(dir, "authorization.yaml"),
    };
    const authorize = path.join(dir, "authorize.kubeconfig");
    writeKubeconfig(files.authentication, { name: "authenticate", server: `${base}/authenticate`, user: {} });
    writeKubeconfig(authorize, { name: "authorize", server: `${base}/authorize`, user: {} });
    writeFileAtomic(files.authorization, stringify(authorizationConfiguration(authorize)));
    return files;
}

/**
 * RBAC first, then access policies. A webhook that cannot be asked denies.
 * Names that start with `system:` are never asked about: EKS refuses them as user names of access entries, and
 * Kubernetes' own components would only wait for an answer that is always no.
 * https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
 */
function authorizationConfiguration(kubeConfigFile: string): object {
    return {
        apiVersion: "apiserver.config.k8s.io/v1",
        kind: "AuthorizationConfiguration",
        authorizers: [
            { type: "RBAC", name: "rbac" },
            {
                type: "Webhook",
                name: "eks-access-policies",
                webhook: {
                    authorizedTTL: "5s",
                    unauthorizedTTL: "2s",
                    // A busy machine may let the daemon wait; an answer that is late is not a "no".
                    timeout: "30s",
                    failurePolicy: "Deny",
                    subjectAccessReviewVersion: "v1",
                    matchConditionSubjectAccessReviewVersion: "v1",
                    matchConditions: [{ expression: "!request.user.startsWith('system:')" }],
                    connectionInfo: { type: "KubeConfigFile", kubeConfigFile },
                },
            },
        ],
    };
}
