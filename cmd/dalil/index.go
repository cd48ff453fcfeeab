package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
)

type indexCommand struct {
	Paths []string `arg:"" name:"path" help:"Folders, files, globs, or - for JSON Lines on standard input."`

	remote
	Exclude []string `placeholder:"GLOB" sep:"none" help:"Leave out files and folders whose name or path below PATH matches; may be repeated."`
	Prune   bool     `help:"Delete the documents that came from below PATH earlier and are gone now."`
	Rebuild bool     `help:"Build a new collection beside the old one and put it in its place when nothing failed: the way to another model. Only what is below PATH will be in it."`
	DryRun  bool     `help:"Tell what would be done; write nothing."`
	JSON    bool     `help:"Print one JSON object with the counts and the failures."`
}

func (c *indexCommand) Run(ctx context.Context, g *Globals, s streams) error {
	request := app.IndexRequest{Paths: c.Paths, Exclude: c.Exclude, Stdin: s.in, Prune: c.Prune, DryRun: c.DryRun}
	bar := newProgress(s.err, app.CountFiles(c.Paths))
	summary, err := c.index(ctx, g, s, request, bar.receipt)
	bar.done()
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(s.out).Encode(summaryJSON(summary))
	} else {
		err = c.print(s, summary)
	}
	if err == nil && summary.Failed > 0 {
		err = errPartly
	}
	return err
}

func (c *indexCommand) index(
	ctx context.Context, g *Globals, s streams, request app.IndexRequest, progress func(corpus.Receipt),
) (app.Summary, error) {
	if c.Rebuild && (c.Server != "" || c.DryRun || c.Prune) {
		return app.Summary{}, errors.New("--rebuild stands alone: it needs the local store, and begins with an empty collection")
	}
	if c.Server != "" {
		connection, err := app.Dial(c.Server)
		if err != nil {
			return app.Summary{}, err
		}
		defer connection.Close()
		summary, err := app.IndexRemote(ctx, connection, request, progress)
		if err != nil {
			return summary, told(err)
		}
		return summary, nil
	}
	a, err := openAs(ctx, g, s, c.Rebuild)
	if err != nil {
		return app.Summary{}, err
	}
	summary, err := a.Index(ctx, request, progress)
	if err == nil && c.Rebuild {
		err = c.activate(a, summary)
	}
	if closeErr := a.Close(); err == nil {
		err = closeErr
	}
	return summary, err
}

// activate refuses to replace a collection by one that lacks documents.
func (c *indexCommand) activate(a *app.App, summary app.Summary) error {
	if summary.Failed > 0 {
		return fmt.Errorf("%d documents failed, so the old collection stays", summary.Failed)
	}
	return a.Activate()
}

func (c *indexCommand) print(s streams, summary app.Summary) error {
	would := ""
	if c.DryRun {
		would = " (dry run: nothing was written)"
	}
	fmt.Fprintf(s.out, "%d indexed, %d unchanged, %d failed, %d deleted; %d passages, %d tokens embedded, in %v%s\n",
		summary.Indexed, summary.Unchanged, summary.Failed, summary.Deleted, summary.Chunks, summary.Tokens,
		summary.Elapsed.Round(time.Millisecond), would)
	if summary.Cut > 0 {
		fmt.Fprintf(s.err, "warning: the embedding provider truncated %d passages\n", summary.Cut)
	}
	for _, f := range summary.Failures {
		if _, err := fmt.Fprintf(s.err, "failed: %s: %v\n", place(f), f.Err); err != nil {
			return err
		}
	}
	return nil
}

// place names a document for people: its file, else its id.
func place(r corpus.Receipt) string {
	if r.Source != "" {
		return r.Source
	}
	return r.DocumentID
}

func summaryJSON(summary app.Summary) any {
	type failure struct {
		DocumentID string `json:"document_id,omitempty"`
		Source     string `json:"source,omitempty"`
		Reason     string `json:"reason"`
	}
	failures := []failure{}
	for _, f := range summary.Failures {
		failures = append(failures, failure{f.DocumentID, f.Source, f.Err.Error()})
	}
	return struct {
		app.Summary
		Seconds  float64   `json:"seconds"`
		Failures []failure `json:"failures"`
	}{summary, summary.Elapsed.Seconds(), failures}
}
