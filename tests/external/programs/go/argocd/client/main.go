// Asks a plugin server what Argo CD's repo server asks it, with Argo CD's own client:
//
//	argocd-cmp-client SOCKET match|parameters|generate REPOSITORY APPLICATION [NAME=VALUE]...
//
// APPLICATION is a folder below REPOSITORY; the names are environment variables for the plugin.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

// The repo server gives up after ARGOCD_EXEC_TIMEOUT, 90 s by default, and other clients after 60 s.
const timeout = 60 * time.Second

func main() {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "SOCKET match|parameters|generate REPOSITORY APPLICATION [NAME=VALUE]...")
		os.Exit(2)
	}
	if err := ask(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(socket, method, repository, application string, environment []string) error {
	connection, client, err := apiclient.NewConfigManagementPluginClientSet(socket).NewConfigManagementPluginClient()
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	send := func(stream cmp.StreamSender) error {
		return cmp.SendRepoStream(ctx, filepath.Join(repository, application), repository, stream, environment, nil)
	}
	switch method {
	case "match":
		stream, err := client.MatchRepository(ctx)
		if err != nil {
			return err
		}
		return answer(send(stream), func() (any, error) { return stream.CloseAndRecv() })
	case "parameters":
		stream, err := client.GetParametersAnnouncement(ctx)
		if err != nil {
			return err
		}
		return answer(send(stream), func() (any, error) { return stream.CloseAndRecv() })
	case "generate":
		stream, err := client.GenerateManifest(ctx)
		if err != nil {
			return err
		}
		return answer(send(stream), func() (any, error) { return stream.CloseAndRecv() })
	}
	return fmt.Errorf("no method %q", method)
}

func answer(sent error, receive func() (any, error)) error {
	if sent != nil {
		return sent
	}
	response, err := receive()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(response)
}
