// The language host for YAML programs: the published one, which is older than the engine, with the
// one call that the engine has asked for since.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi-yaml/pkg/server"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// host answers Link too: a YAML program names its packages in Pulumi.yaml, so nothing is to be done.
type host struct {
	pulumirpc.LanguageRuntimeServer
}

func (host) Link(context.Context, *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	return &pulumirpc.LinkResponse{}, nil
}

func main() {
	tracing := flag.String("tracing", "", "where to send traces")
	// The other flags of the engine are those of the logger, which defines them itself.
	flag.Bool("logflow", false, "accepted, without effect")
	flag.Parse()
	if flag.NArg() < 1 {
		fail(fmt.Errorf("usage: %s [options] ENGINE_ADDRESS", os.Args[0]))
	}

	stop := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(served *grpc.Server) error {
			yaml := server.NewLanguageHost(flag.Arg(0), *tracing, true)
			pulumirpc.RegisterLanguageRuntimeServer(served, host{yaml})
			return nil
		},
		Options: rpcutil.OpenTracingServerInterceptorOptions(nil),
	})
	if err != nil {
		fail(err)
	}
	go stopWithTheEngine(stop)
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		fail(err)
	}
}

// stopWithTheEngine stops the server on a signal, and when the engine is gone.
func stopWithTheEngine(stop chan<- bool) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	parent := os.Getppid()
	for os.Getppid() == parent {
		select {
		case <-signals:
			close(stop)
			return
		case <-time.After(time.Second):
		}
	}
	close(stop)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
