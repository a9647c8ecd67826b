import { z } from "zod";

import { awsFactNames, clusterFactsSchema } from "./cluster-secret.ts";
import { crossing } from "./crossing.ts";
import { dnsLabelShape, flagShape, regionalArnShape, roleArnShape } from "./shapes.ts";

const producer = "components/registration/ (registration-secret.ts, vault-registration.ts)";
const consumers = ["gitops/fleet (ExternalSecret template)"];

const authSchema = z.discriminatedUnion("type", [
    /** The hub assumes `roleArn` and signs in to EKS with it: nothing in the secret is a credential. */
    z.strictObject({ type: z.literal("aws"), clusterName: dnsLabelShape, roleArn: roleArnShape }),
    /** The hub's own cluster: Argo CD uses its own service account. */
    z.strictObject({ type: z.literal("inCluster") }),
    /** Argo CD is an EKS capability: it signs in by its own role, which has an access entry; `server` is an ARN. */
    z.strictObject({ type: z.literal("accessEntry") }),
    /** A cluster outside AWS, by service-account token. This one is a credential. */
    z.strictObject({ type: z.literal("token"), token: z.string().min(1) }),
]);

/**
 * What a cluster publishes about itself so that a hub can adopt it: in Secrets Manager, where it holds no credential, or,
 * for a cluster outside AWS (`auth.type: token`), in Vault.
 */
export const registrationSchema = z
    .strictObject({
        contract: crossing(z.literal("fleet.registration/v1"), {
            producer,
            consumers,
            description: "Name and version of this document.",
        }),
        name: crossing(dnsLabelShape, { producer, consumers, description: "Cluster name in Argo CD." }),
        server: crossing(z.url().or(regionalArnShape), {
            producer,
            consumers,
            description: "URL of the Kubernetes API, or with auth accessEntry the ARN of the EKS cluster.",
        }),
        caData: crossing(z.base64(), {
            producer,
            consumers,
            description: "Certificate authority of that API: PEM, base64-encoded.",
        }),
        auth: crossing(authSchema, { producer, consumers, description: "How the hub signs in." }),
        facts: crossing(clusterFactsSchema, {
            producer,
            consumers,
            description: "What is true of the cluster; becomes the annotations of its cluster secret.",
        }),
        capabilities: crossing(z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), flagShape), {
            producer,
            consumers,
            description: "What infrastructure stands ready for; an intention in Git without it is refused.",
        }),
    })
    .superRefine(({ auth, facts }, context) => {
        const outside = auth.type === "token";
        for (const name of awsFactNames.filter((fact) => (facts[fact] === undefined) !== outside)) {
            const message = outside ? "is no fact of a cluster outside AWS" : "is missing for a cluster in AWS";
            context.addIssue({ code: "custom", path: ["facts", name], message });
        }
    });

export type Registration = z.infer<typeof registrationSchema>;
export type RegistrationAuth = Registration["auth"];
