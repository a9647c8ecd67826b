{{- $flags := dict -}}
{{- range $key, $value := .metadata.labels -}}
{{- if hasPrefix "enable_" $key -}}{{- $_ := set $flags $key $value -}}{{- end -}}
{{- end -}}
{{- $facts := .metadata.annotations -}}
{{- $repo := dict "url" $facts.apps_repo_url "path" $facts.apps_repo_basepath "revision" (.values.revision | default $facts.apps_repo_revision) -}}
{{- $cluster := dict "name" .name "environment" .metadata.labels.environment "flags" $flags -}}
{{- dict "cluster" $cluster "group" .values.group "project" .values.project "repo" $repo | toJson -}}
