import type { ClusterFacts } from "../../contract/cluster-secret.ts";

/** Where Git drives a cluster from. */
export interface GitSource {
    /** Repository, by https:// or SSH. */
    url: string;
    /** Branch, tag or commit. */
    revision: string;
    /** Folder that holds bootstrap/, fleet/, apps/ and so on. */
    path: string;
}

/** What is true of any cluster. */
export interface ClusterFactsOutsideAwsSource {
    environment: string;
    kubernetesVersion: string;
    git: GitSource;
}

/** What {@link clusterFacts} is made of. */
export interface ClusterFactsSource extends ClusterFactsOutsideAwsSource {
    clusterName: string;
    accountId: string;
    region: string;
    vpcId: string;
}

/** The facts of a cluster under the names of the contract. */
export function clusterFacts(source: ClusterFactsSource): ClusterFacts {
    return {
        aws_cluster_name: source.clusterName,
        aws_account_id: source.accountId,
        aws_region: source.region,
        aws_vpc_id: source.vpcId,
        ...clusterFactsOutsideAws(source),
    };
}

/** The facts of a cluster that AWS knows nothing of. One repository holds both fleet and apps. */
export function clusterFactsOutsideAws(source: ClusterFactsOutsideAwsSource): ClusterFacts {
    return {
        environment: source.environment,
        kubernetes_version: source.kubernetesVersion,
        fleet_repo_url: source.git.url,
        fleet_repo_revision: source.git.revision,
        fleet_repo_basepath: source.git.path,
        apps_repo_url: source.git.url,
        apps_repo_revision: source.git.revision,
        apps_repo_basepath: source.git.path,
    };
}
