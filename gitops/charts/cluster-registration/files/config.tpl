{{- $name := $member.name -}}
{{- $r := .registration | mustFromJson -}}
{{- $auth := get $r "auth" | default dict -}}
{{- $facts := get $r "facts" | default dict -}}
{{- if ne (get $r "contract" | toString) "fleet.registration/v1" -}}
{{- fail (printf "registration of %s: contract is %q, wanted fleet.registration/v1: run `pulumi up` of its stack" $name (get $r "contract" | toString)) -}}
{{- end -}}
{{- if ne (get $r "name" | toString) $name -}}
{{- fail (printf "registration of %s: the secret is that of cluster %q: correct secretManagerSecretName" $name (get $r "name" | toString)) -}}
{{- end -}}
{{- if ne (get $facts "environment" | toString) $member.environment -}}
{{- fail (printf "registration of %s: its stack says environment %q, its member file %q: make them equal" $name (get $facts "environment" | toString) $member.environment) -}}
{{- end -}}
{{- if and $member.account (ne (get $facts "aws_account_id" | toString) $member.account) -}}
{{- fail (printf "registration of %s: the secret is in account %s but claims account %q" $name $member.account (get $facts "aws_account_id" | toString)) -}}
{{- end -}}
{{- range $member.enabled -}}
{{- if eq (get (get $r "capabilities" | default dict) . | toString) "false" -}}
{{- fail (printf "registration of %s: enable_%s is \"true\", but its stack does not provide %s: configure it there, or set the label \"false\"" $name . .) -}}
{{- end -}}
{{- end -}}
{{- $server := get $r "server" | toString -}}
{{- $inCluster := eq $server "https://kubernetes.default.svc" -}}
{{- $byEntry := eq (get $auth "type" | toString) "accessEntry" -}}
{{- $arn := printf "arn:aws:eks:%s:%s:cluster/%s" (get $facts "aws_region") (get $facts "aws_account_id") (get $facts "aws_cluster_name") -}}
{{- if and $byEntry (ne $server $arn) -}}
{{- fail (printf "registration of %s: server is %q, wanted %s: the EKS capability knows clusters by their ARN" $name $server $arn) -}}
{{- end -}}
{{- if or (ne (or $inCluster $byEntry) (or $byEntry (eq $name $member.hub))) (ne $inCluster (eq (get $auth "type" | toString) "inCluster")) -}}
{{- fail (printf "registration of %s: only the hub (%s) is reached in-cluster" $name $member.hub) -}}
{{- end -}}
{{- if ne (eq $member.store "vault") (eq (get $auth "type" | toString) "token") -}}
{{- fail (printf "registration of %s: auth type is %q, which does not go with the store %s: a token is in Vault, and nothing else is" $name (get $auth "type" | toString) $member.store) -}}
{{- end -}}
{{- $tls := dict "insecure" false "caData" (get $r "caData") -}}
{{- if or $inCluster $byEntry -}}
{{- dict "tlsClientConfig" (dict "insecure" false) | toJson -}}
{{- else if eq (get $auth "type" | toString) "aws" -}}
{{- $role := printf "arn:aws:iam::%s:role%s%s-argocd-spoke" (get $facts "aws_account_id") $member.iamPath (get $auth "clusterName") -}}
{{- if ne (get $auth "roleArn" | toString) $role -}}
{{- fail (printf "registration of %s: role is %q, wanted %s" $name (get $auth "roleArn" | toString) $role) -}}
{{- end -}}
{{- dict "awsAuthConfig" (dict "clusterName" (get $auth "clusterName") "roleARN" $role) "tlsClientConfig" $tls | toJson -}}
{{- else if eq (get $auth "type" | toString) "token" -}}
{{- dict "bearerToken" (get $auth "token") "tlsClientConfig" $tls | toJson -}}
{{- else -}}
{{- fail (printf "registration of %s: auth type is %q, wanted aws, token, accessEntry or inCluster" $name (get $auth "type" | toString)) -}}
{{- end -}}
