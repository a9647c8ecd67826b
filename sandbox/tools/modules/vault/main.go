// A development Vault server: HashiCorp's unpatched core with the few backends that the sandbox uses,
// in memory, unsealed, plain HTTP on loopback. Nothing outlives the process.
//
// It takes the arguments of the official binary, so that either can be started by the same line:
//
//	VAULT_DEV_ROOT_TOKEN_ID=… vault server -dev -dev-no-kv -dev-no-store-token -dev-listen-address=127.0.0.1:8200
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/armon/go-metrics"
	log "github.com/hashicorp/go-hclog"
	kubernetes "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/credential/userpass"
	"github.com/hashicorp/vault/builtin/plugin"
	"github.com/hashicorp/vault/command/server"
	"github.com/hashicorp/vault/helper/metricsutil"
	"github.com/hashicorp/vault/helper/namespace"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
	"github.com/hashicorp/vault/version"
)

const tokenVariable = "VAULT_DEV_ROOT_TOKEN_ID"

func main() {
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "vault:", err)
		os.Exit(1)
	}
}

func command(args []string) error {
	if len(args) == 1 && args[0] == "version" {
		fmt.Println(version.GetVersion().FullVersionNumber(true))
		return nil
	}
	if len(args) == 0 || args[0] != "server" {
		return errors.New("the first argument must be `server` or `version`")
	}
	flags := flag.NewFlagSet("vault server", flag.ContinueOnError)
	address := flags.String("dev-listen-address", "127.0.0.1:8200", "address to serve plain HTTP on")
	dev := flags.Bool("dev", false, "development mode (required: there is no other)")
	noKV := flags.Bool("dev-no-kv", false, "mount no key/value store (required)")
	noStore := flags.Bool("dev-no-store-token", false, "do not write the root token to ~/.vault-token (required)")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if !*dev || !*noKV || !*noStore {
		return errors.New("this build is a development server only: give -dev, -dev-no-kv and -dev-no-store-token")
	}
	token := os.Getenv(tokenVariable)
	if token == "" {
		return fmt.Errorf("set %s to the root token to serve with; it is read from the environment only", tokenVariable)
	}
	os.Unsetenv(tokenVariable)
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	return serve(ctx, *address, token)
}

func serve(ctx context.Context, address, token string) error {
	logger := log.New(&log.LoggerOptions{Name: "vault", Level: log.Info, Output: os.Stderr})
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	core, config, err := newCore(logger, listener.Addr().String())
	if err != nil {
		return err
	}
	if err := unseal(core, token); err != nil {
		return err
	}
	web := &http.Server{
		Handler: vaulthttp.Handler.Handler(&vault.HandlerProperties{
			Core:                  core,
			ListenerConfig:        &configutil.Listener{Type: "tcp", Address: address, TLSDisable: true},
			DisablePrintableCheck: config.DisablePrintableCheck,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          logger.StandardLogger(nil),
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	logger.Info("serving", "address", listener.Addr().String(), "version", version.GetVersion().VersionNumber())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	return errors.Join(web.Shutdown(grace), core.Shutdown())
}

func newCore(logger log.Logger, address string) (*vault.Core, *server.Config, error) {
	store, err := inmem.NewTransactionalInmem(nil, logger.Named("storage"))
	if err != nil {
		return nil, nil, err
	}
	config, err := server.DevConfig("inmem")
	if err != nil {
		return nil, nil, err
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		RawConfig:    config,
		Physical:     store,
		StorageType:  "inmem",
		RedirectAddr: "http://" + address,
		DisableMlock: true,
		Logger:       logger,
		// Without a helper, GET sys/metrics panics.
		MetricsHelper:      metricsutil.NewMetricsHelper(metrics.NewInmemSink(10*time.Second, time.Minute), false),
		BuiltinRegistry:    registry,
		LogicalBackends:    map[string]logical.Factory{"plugin": plugin.Factory, "kv": kv.Factory},
		CredentialBackends: map[string]logical.Factory{"plugin": plugin.Factory},
		AuditBackends:      map[string]audit.Factory{"file": audit.NewFileBackend},
	})
	return core, config, err
}

// unseal initializes the empty core and leaves it with one root token: the given one.
func unseal(core *vault.Core, token string) error {
	ctx := namespace.RootContext(context.Background())
	made, err := core.Initialize(ctx, &vault.InitParams{
		BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1, Name: "shamir"},
	})
	if err != nil {
		return fmt.Errorf("initialize: %w", err)
	}
	if open, err := core.Unseal(made.SecretShares[0]); err != nil || !open {
		return errors.Join(errors.New("the new core did not unseal"), err)
	}
	request := func(path string, data map[string]any) error {
		answer, err := core.HandleRequest(ctx, &logical.Request{
			ID: path, Operation: logical.UpdateOperation, ClientToken: made.RootToken, Path: path, Data: data,
		})
		if err == nil && answer.IsError() {
			err = answer.Error()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	}
	root := map[string]any{"id": token, "policies": []string{"root"}, "no_parent": true, "no_default_policy": true}
	if err := request("auth/token/create", root); err != nil {
		return err
	}
	return request("auth/token/revoke-self", nil)
}

// plugins is the catalog of built-in plugins; Vault's own holds dozens, and their SDKs.
type plugins map[consts.PluginType]map[string]logical.Factory

var registry = plugins{
	consts.PluginTypeCredential: {
		"approle":    approle.Factory,
		"kubernetes": kubernetes.Factory,
		"userpass":   userpass.Factory,
	},
	consts.PluginTypeSecrets: {"kv": kv.Factory},
}

func (p plugins) Contains(name string, kind consts.PluginType) bool {
	_, found := p[kind][name]
	return found
}

func (p plugins) Get(name string, kind consts.PluginType) (func() (any, error), bool) {
	factory, found := p[kind][name]
	return func() (any, error) { return factory, nil }, found
}

func (p plugins) Keys(kind consts.PluginType) []string {
	names := make([]string, 0, len(p[kind]))
	for name := range p[kind] {
		names = append(names, name)
	}
	return names
}

func (p plugins) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, p.Contains(name, kind)
}

func (p plugins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
