// Generates SDKs from Pulumi schemas with Pulumi's published generators.
//
// The language is the only argument. stdin is a serialized pulumirpc.GeneratePackageRequest, stdout
// the serialized GeneratePackageResponse: a language host hands on the engine's call as it came.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/proto"
)

// tool is named in the head of each generated file.
const tool = "pulumi-language-"

type files = map[string][]byte

type generator func(
	request *pulumirpc.GeneratePackageRequest, pkg *schema.Package, loader schema.ReferenceLoader,
) (files, error)

var generators = map[string]generator{
	"go": func(request *pulumirpc.GeneratePackageRequest, pkg *schema.Package, _ schema.ReferenceLoader) (files, error) {
		return golang.GeneratePackage(tool+"go", pkg, request.LocalDependencies)
	},
	"nodejs": func(request *pulumirpc.GeneratePackageRequest, pkg *schema.Package, loader schema.ReferenceLoader) (files, error) {
		return nodejs.GeneratePackage(
			tool+"nodejs", pkg, request.ExtraFiles, request.LocalDependencies, request.Local, loader)
	},
	"python": func(request *pulumirpc.GeneratePackageRequest, pkg *schema.Package, loader schema.ReferenceLoader) (files, error) {
		return python.GeneratePackage(tool+"python", pkg, request.ExtraFiles, loader)
	},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 || generators[os.Args[1]] == nil {
		return fmt.Errorf("usage: %s go|nodejs|python", os.Args[0])
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	var request pulumirpc.GeneratePackageRequest
	if err := proto.Unmarshal(input, &request); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	diagnostics, err := generate(generators[os.Args[1]], &request)
	if err != nil {
		return err
	}
	output, err := proto.Marshal(&pulumirpc.GeneratePackageResponse{
		Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(diagnostics),
	})
	if err != nil {
		return fmt.Errorf("writing the response: %w", err)
	}
	_, err = os.Stdout.Write(output)
	return err
}

// generate writes the package's files, unless the diagnostics have errors.
func generate(generator generator, request *pulumirpc.GeneratePackageRequest) (hcl.Diagnostics, error) {
	loader, err := schema.NewLoaderClient(request.LoaderTarget)
	if err != nil {
		return nil, fmt.Errorf("reaching the engine's schema loader: %w", err)
	}
	cached := schema.NewCachedLoader(loader)
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.Schema), &spec); err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	options := schema.ValidationOptions{AllowDanglingReferences: true}
	pkg, diagnostics, err := schema.BindSpec(spec, cached, options)
	if err != nil || diagnostics.HasErrors() {
		return diagnostics, err
	}
	made, err := generator(request, pkg, cached)
	if err != nil {
		return diagnostics, fmt.Errorf("generating the package: %w", err)
	}
	for name, content := range made {
		path := filepath.Join(request.Directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return diagnostics, err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil { //nolint:gosec // source code, no secrets
			return diagnostics, err
		}
	}
	return diagnostics, nil
}
