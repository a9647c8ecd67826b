// A small Redis server in memory (miniredis), for machines without redis-server or valkey-server.
//
// It takes the arguments that Argo CD's manifests give to redis-server, in either form: as words
// (`--appendonly no`) or, as redis-server allows, name and value in one word (`--requirepass PASSWORD`).
// REDIS_PASSWORD in the environment comes before --requirepass.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

const module = "github.com/alicebob/miniredis/v2"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Printf("Redis server, embedded miniredis v=%s\n", version())
		return
	}
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "redis-server:", err)
		os.Exit(1)
	}
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return strings.TrimPrefix(dependency.Version, "v")
			}
		}
	}
	return "unknown"
}

type options struct{ bind, port, password string }

func serve(args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if password := os.Getenv("REDIS_PASSWORD"); password != "" {
		o.password = password
	}
	store := miniredis.NewMiniRedis()
	if o.password != "" {
		store.RequireAuth(o.password)
	}
	if err := store.StartAddr(net.JoinHostPort(o.bind, o.port)); err != nil {
		return err
	}
	defer store.Close()
	fmt.Fprintln(os.Stderr, "redis-server: ready on", store.Addr())

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	// miniredis has no clock of its own: keys expire only when it is told how much time has passed.
	tick := time.NewTicker(time.Second)
	last := time.Now()
	for {
		select {
		case <-stop:
			return nil
		case now := <-tick.C:
			store.FastForward(now.Sub(last))
			last = now
		}
	}
}

func parse(args []string) (options, error) {
	o := options{bind: "127.0.0.1", port: "6379"}
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], " ")
		if !joined {
			i++
			if i == len(args) {
				return o, fmt.Errorf("%s wants a value", name)
			}
			value = args[i]
		}
		switch name {
		case "--bind":
			o.bind = value
		case "--port":
			o.port = value
		case "--requirepass":
			o.password = value
		case "--save":
			if value != "" {
				return o, errors.New(`--save must be "": this server keeps nothing on disk`)
			}
		case "--appendonly":
			if value != "no" {
				return o, errors.New("--appendonly must be no: this server keeps nothing on disk")
			}
		default:
			return o, fmt.Errorf("unknown argument %s; known: --bind, --port, --requirepass, --save, --appendonly", name)
		}
	}
	return o, nil
}
