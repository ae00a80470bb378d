// Kpt is kpt with the commands of `kpt fn` alone: the program itself needs a module, of its rollouts,
// that is not published.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kptdev/kpt/commands/fn"
	"github.com/kptdev/kpt/pkg/lib/errors"
	"github.com/kptdev/kpt/pkg/lib/errors/resolver"
	"github.com/kptdev/kpt/pkg/printer"
	"github.com/spf13/cobra"
)

func main() {
	ctx := printer.WithContext(context.Background(), printer.New(os.Stdout, os.Stderr))
	kpt := &cobra.Command{Use: "kpt", SilenceUsage: true, SilenceErrors: true}
	kpt.PersistentFlags().BoolVar(&printer.TruncateOutput, "truncate-output", true, "shorten what functions say")
	kpt.AddCommand(fn.GetCommand(ctx, "kpt"))
	if err := kpt.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, message(err))
		os.Exit(1)
	}
}

func message(err error) string {
	if resolved, ok := resolver.ResolveError(err); ok {
		return resolved.Message
	}
	var known *errors.Error
	if errors.As(err, &known) {
		if cause, ok := errors.UnwrapErrors(known); ok {
			return cause.Error()
		}
	}
	return err.Error()
}
