import { z } from "zod";

import { crossing } from "./crossing.ts";
import { accountIdShape, dnsLabelShape, flagShape, kubernetesVersionShape } from "./shapes.ts";

const stack = "components/registration/cluster-facts.ts";
const templates = ["gitops/ (ApplicationSet templates)"];

function fact<Schema extends z.ZodType>(shape: Schema, description: string): Schema {
    return crossing(shape, { producer: stack, consumers: templates, description });
}

/** Annotations that only a cluster in AWS has: a template that reads one must not be rendered for another cluster. */
const awsFacts = {
    aws_cluster_name: fact(dnsLabelShape.optional(), "Name of the EKS cluster; absent outside AWS."),
    aws_account_id: fact(accountIdShape.optional(), "AWS account of the cluster; absent outside AWS."),
    aws_region: fact(z.string().min(1).optional(), "AWS region of the cluster; absent outside AWS."),
    aws_vpc_id: fact(z.string().min(1).optional(), "VPC of the cluster; absent outside AWS."),
};

/** Names of the facts that only a cluster in AWS has. */
export const awsFactNames = Object.keys(awsFacts) as (keyof typeof awsFacts)[];

/** Annotations of a cluster secret: facts, stated by the cluster's own stack. */
export const clusterFactsSchema = z.strictObject({
    ...awsFacts,
    environment: fact(dnsLabelShape, "Environment the stack declares; the member file must say the same."),
    kubernetes_version: fact(kubernetesVersionShape, "Kubernetes minor version of the control plane."),
    fleet_repo_url: fact(z.string().min(1), "Repository of what the platform team owns."),
    fleet_repo_revision: fact(z.string().min(1), "Revision of that repository."),
    fleet_repo_basepath: fact(z.string().min(1), "Folder of that repository that holds fleet/, addons/ and so on."),
    apps_repo_url: fact(z.string().min(1), "Repository of the applications."),
    apps_repo_revision: fact(z.string().min(1), "Revision of that repository."),
    apps_repo_basepath: fact(z.string().min(1), "Folder of that repository that holds apps/."),
});

export type ClusterFacts = z.infer<typeof clusterFactsSchema>;

const registration = "gitops/fleet (ExternalSecret template)";
const hierarchy = "gitops/ (hierarchy of values)";

function release(group: string): z.ZodOptional<z.ZodString> {
    return crossing(z.string().min(1).max(63).optional(), {
        producer: hierarchy,
        consumers: templates,
        description: `Release of the ${group} group that the cluster runs.`,
    });
}

function intention<Schema extends z.ZodType>(shape: Schema, description: string): Schema {
    return crossing(shape, { producer: registration, consumers: templates, description });
}

/** Labels of a cluster secret: intentions, stated by Git. Add-on switches are `enable_<addon>`. */
export const clusterLabelsSchema = z
    .object({
        "argocd.argoproj.io/secret-type": crossing(z.literal("cluster"), {
            producer: registration,
            consumers: ["Argo CD"],
            description: "What makes Argo CD read the Secret as a cluster.",
        }),
        cluster: intention(dnsLabelShape, "Name of the cluster."),
        environment: intention(dnsLabelShape, "Environment from the member file."),
        tenant: intention(dnsLabelShape, "Team the cluster belongs to."),
        hub: intention(dnsLabelShape, "Cluster name of the hub that adopted it."),
        fleetRelease: release("fleet"),
        addonsRelease: release("addons"),
        resourcesRelease: release("resources"),
        monitoringRelease: release("monitoring"),
        appsRelease: release("apps"),
    })
    .catchall(flagShape);

export type ClusterLabels = z.infer<typeof clusterLabelsSchema>;
