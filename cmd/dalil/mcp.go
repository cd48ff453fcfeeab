package main

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"

	"dalil/grounding"
	"dalil/internal/observe"
	"dalil/server/mcp"
)

// localIdle is how long the local store stays open after a call. It is short, as nobody can write meanwhile.
const localIdle = time.Second

type mcpCommand struct {
	remote
}

// Run serves the tools on standard input and output until the input ends. Nothing but messages of the protocol goes to
// standard output.
func (c *mcpCommand) Run(ctx context.Context, g *Globals, s streams) error {
	connection := &lending{idle: localIdle, open: func(ctx context.Context) (grpc.ClientConnInterface, func(), error) {
		return c.dial(ctx, g, s)
	}}
	defer connection.Close()
	if _, err := connection.borrow(ctx); err != nil { // a wrong call of the command ends at once
		return err
	}
	connection.giveBack()
	tools := mcp.New(connection, mcp.Options{Version: observe.ReadBuild().Version, CountTokens: grounding.Estimate{}.Count})
	err := tools.Run(ctx, &mcp.Pipe{In: s.in, Out: s.out})
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil // a signal ends the service, as the end of the input does
	}
	return err
}
