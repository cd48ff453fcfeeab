package main

import (
	"bufio"
	"context"
	"fmt"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

type facetsCommand struct {
	calling
	filterFlags
	Fields []string `arg:"" optional:"" name:"field" help:"What to count: language, source, author, tag, year or metadata.KEY (default: all but metadata)."`
	Limit  int32    `short:"n" default:"10" help:"Number of values of each field, 1 to 100."`
}

func (c *facetsCommand) Run(ctx context.Context, g *Globals, s streams) error {
	filter, err := c.filter()
	if err != nil {
		return err
	}
	request := &dalilv1.ListFacetsRequest{Filter: filter}
	if len(c.Fields) == 0 {
		c.Fields = []string{"language", "source", "author", "tag", "year"}
	}
	for _, field := range c.Fields {
		request.Facets = append(request.Facets, &dalilv1.FacetRequest{Field: field, Limit: &c.Limit})
	}
	return c.documents(ctx, g, s, reading, func(documents dalilv1.DocumentServiceClient) error {
		ctx, cancel := c.limited(ctx)
		defer cancel()
		answer, err := documents.ListFacets(ctx, request, client.WaitForReady())
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.out, answer)
		}
		out := bufio.NewWriter(s.out)
		for _, f := range answer.GetFacets() {
			fmt.Fprintln(out, f.GetField())
			if len(f.GetValues()) == 0 {
				fmt.Fprintln(out, "            no document has it")
			}
			for _, v := range f.GetValues() {
				fmt.Fprintf(out, "  %8d  %s\n", v.GetCount(), oneLine(valueText(v.GetValue())))
			}
		}
		fmt.Fprintf(out, "%d documents\n", answer.GetTotalSize())
		return out.Flush()
	})
}
