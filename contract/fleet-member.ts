import { z } from "zod";

import { crossing } from "./crossing.ts";
import { dnsLabelShape, flagShape } from "./shapes.ts";

const producer = "gitops/fleet/members/<hub>/<cluster>.yaml";
const consumers = ["gitops/fleet (registration ApplicationSet)"];

function flag(description: string): typeof flagShape {
    return crossing(flagShape, { producer, consumers, description });
}

function text<Schema extends z.ZodType>(shape: Schema, description: string): Schema {
    return crossing(shape, { producer, consumers, description });
}

/** The one file in Git that makes a hub adopt a cluster: which cluster, whose, run how. */
export const fleetMemberSchema = z.strictObject({
    tenant: text(dnsLabelShape, "Team the cluster belongs to."),
    clusterName: text(dnsLabelShape, "Name of the cluster; the file is called after it."),
    environment: text(dnsLabelShape, "Environment, repeated from the stack because paths need it before any secret."),
    secretManagerSecretName: text(
        z.string().min(1),
        "Registration: its name in the hub's account, its ARN without the random end, or vault:<mount>/<cluster>.",
    ),
    use_remote_argo: flag("Whether the spoke runs its own Argo CD."),
    enable_remote_resources: flag("Whether the spoke's own Argo CD deploys the resources group."),
    enable_remote_addons: flag("Whether the spoke's own Argo CD deploys the addons group."),
    use_external_secrets: flag("Whether the cluster takes its secrets from External Secrets."),
    push_argo_secrets: flag("Whether the hub pushes repository credentials to the spoke's Argo CD."),
    githubSecret: flag("Whether the spoke's Argo CD reads Git with a credential."),
    githubSecretName: text(z.string(), "Secret that holds this credential; empty without one."),
    use_fleet_ack: flag("Whether AWS Controllers for Kubernetes run on the cluster."),
    use_argocd_ingress: flag("Whether the spoke's own Argo CD is exposed."),
});

export type FleetMember = z.infer<typeof fleetMemberSchema>;
