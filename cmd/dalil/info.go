package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

type infoCommand struct {
	remote
	Timeout time.Duration `default:"10s" help:"How long to wait for the answer. The wait includes the start of the server."`
	JSON    bool          `help:"Print the answer of GetInfo as one JSON object, as docs/json.md describes it."`
}

// Run prints what answers questions: the program, the model, the index and the limits.
func (c *infoCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: must be above 0, is %v", c.Timeout)
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	connection, closeAll, err := c.dial(ctx, g, s)
	if err != nil {
		return err
	}
	defer closeAll()
	info, err := dalilv1.NewAdminServiceClient(connection).GetInfo(ctx, &dalilv1.GetInfoRequest{}, client.WaitForReady())
	if err != nil {
		return readable(err, c.Server, asWritten)
	}
	if c.JSON {
		return printJSON(s.out, info)
	}
	return printInfo(s, info)
}

func printInfo(s streams, info *dalilv1.GetInfoResponse) error {
	arms := make([]string, len(info.GetArms()))
	for i, arm := range info.GetArms() {
		arms[i] = armName(arm)
	}
	table := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	for _, row := range [][2]string{
		{"version", info.GetBuild().GetVersion()},
		{"model", strings.TrimSpace(info.GetModel().GetProvider() + " " + info.GetModel().GetName())},
		{"dimensions", fmt.Sprint(info.GetModel().GetDimensions())},
		{"pipeline", info.GetPipeline()},
		{"analyzer", info.GetAnalyzer()},
		{"chunker", info.GetChunker()},
		{"store", info.GetStore()},
		{"collection", info.GetCollection()},
		{"arms", strings.Join(arms, ", ")},
	} {
		if row[1] != "" {
			fmt.Fprintf(table, "%s\t%s\n", row[0], plainName(row[1]))
		}
	}
	return table.Flush()
}
