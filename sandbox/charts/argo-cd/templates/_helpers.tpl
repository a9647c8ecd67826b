{{/* Labels of every object. Argument: dict "root" $ "name" … "component" … */}}
{{- define "argo-cd.labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- with .name }}
app.kubernetes.io/name: {{ . }}
{{- end }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: argocd
app.kubernetes.io/version: {{ .root.Chart.AppVersion }}
{{- end }}

{{/* Annotation that restarts a pod when its parameters change. */}}
{{- define "argo-cd.checksum-params" -}}
checksum/cmd-params: {{ include "argo-cd.params" . | sha256sum }}
{{- end }}

{{/* The same for a pod whose environment comes from argocd-cm, too. */}}
{{- define "argo-cd.checksums" -}}
{{ include "argo-cd.checksum-params" . }}
checksum/cm: {{ include "argo-cd.cm" . | sha256sum }}
{{- end }}

{{- define "argo-cd.crdAnnotations" -}}
{{- if .Values.crds.keep }}
helm.sh/resource-policy: keep
{{- end }}
argocd.argoproj.io/sync-options: ServerSideApply=true
{{- end }}

{{/* Data of argocd-cm: what the values say over what follows from other values. Empty settings are left out. */}}
{{- define "argo-cd.cm" -}}
{{- range $key, $value := mergeOverwrite (dict "url" (printf "https://%s" .Values.global.domain)) .Values.configs.cm }}
{{- if ne (toString $value) "" }}
{{ $key }}: {{ toString $value | toYaml }}
{{- end }}
{{- end }}
{{- end }}

{{/* Data of argocd-cmd-params-cm, likewise. */}}
{{- define "argo-cd.params" -}}
{{- $presets := dict
    "repo.server" "argocd-repo-server:8081"
    "server.repo.server.strict.tls" "false"
    "redis.server" "argocd-redis:6379"
    "applicationsetcontroller.enable.leader.election" (gt (int .Values.applicationSet.replicas) 1) }}
{{- if .Values.dex.enabled }}
{{- $_ := set $presets "server.dex.server" "https://argocd-dex-server:5556" }}
{{- $_ := set $presets "server.dex.server.strict.tls" "false" }}
{{- end }}
{{- range tuple "applicationsetcontroller" "controller" "server" "reposerver" "notificationscontroller" "dexserver" "commitserver" }}
{{- $_ := set $presets (printf "%s.log.format" .) "text" }}
{{- $_ := set $presets (printf "%s.log.level" .) "info" }}
{{- end }}
{{- range $key, $value := mergeOverwrite $presets .Values.configs.params }}
{{ $key }}: {{ toString $value | toYaml }}
{{- end }}
{{- end }}
