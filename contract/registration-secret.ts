import { z } from "zod";

import { clusterFactsSchema } from "./cluster-secret.ts";
import { crossing } from "./crossing.ts";
import { dnsLabelShape, flagShape, regionalArnShape, roleArnShape } from "./shapes.ts";

const producer = "components/registration/registration-secret.ts";
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

/** What a cluster publishes about itself so that a hub can adopt it. */
export const registrationSchema = z.strictObject({
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
});

export type Registration = z.infer<typeof registrationSchema>;
export type RegistrationAuth = Registration["auth"];
