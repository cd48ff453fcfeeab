package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/indexer"
	dalilv1 "dalil/proto/dalil/v1"
)

type docsFailures struct{ calling }

func (c *docsFailures) Help() string {
	return "Each server keeps the documents that it could not write until it writes or deletes them. Without --server, the list in the data folder is printed."
}

func (c *docsFailures) Run(ctx context.Context, g *Globals, s streams) error {
	return c.documents(ctx, g, s, reading, func(documents dalilv1.DocumentServiceClient) error {
		return c.eachPage(ctx, documents, func(page *dalilv1.ListFailuresResponse) error {
			if c.JSON {
				return printJSON(s.out, page)
			}
			for _, f := range page.GetFailures() {
				tries := "once"
				if f.GetTries() > 1 {
					tries = fmt.Sprintf("%d times", f.GetTries())
				}
				from := ""
				if f.GetSource() != "" {
					from = " from " + oneLine(f.GetSource())
				}
				if _, err := fmt.Fprintf(s.out, "%s%s: %s (%s, last at %s)\n", oneLine(f.GetDocumentId()), from, oneLine(f.GetMessage()), tries, f.GetLastFailedAt().AsTime().Format(time.RFC3339)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// eachPage calls do with the pages of the list.
func (c *calling) eachPage(ctx context.Context, documents dalilv1.DocumentServiceClient, do func(*dalilv1.ListFailuresResponse) error) error {
	size := int32(100)
	request := &dalilv1.ListFailuresRequest{PageSize: &size}
	for {
		ctx, cancel := c.limited(ctx)
		page, err := documents.ListFailures(ctx, request, client.WaitForReady())
		cancel()
		if err == nil {
			err = do(page)
		}
		if err != nil || page.GetNextPageToken() == "" {
			return err
		}
		request.PageToken = page.GetNextPageToken()
	}
}

type docsRetry struct {
	calling
	Paths []string `arg:"" name:"path" help:"Folders, files or globs to read, as for \"dalil index\"."`
	ID    []string `placeholder:"ID" sep:"none" help:"Write only this document. May be repeated."`
}

func (c *docsRetry) Help() string {
	return "Reads the paths as \"dalil index\" does, and writes the documents that are in the list of failures. Give the paths that \"dalil index\" was given, so that the ids are the same. Nothing else is read: the sources in the list come from whoever sent the documents. The exit code is 1 if a document was not written."
}

func (c *docsRetry) Run(ctx context.Context, g *Globals, s streams) error {
	if slices.Contains(c.Paths, "-") {
		return errors.New("standard input cannot be read again; send the records with \"dalil index -\"")
	}
	if err := indexer.Check(c.Paths, nil); err != nil {
		return err
	}
	return c.call(ctx, g, s, writing, func(connection grpc.ClientConnInterface) error {
		failed := map[string]bool{} // ids that are left
		err := c.eachPage(ctx, dalilv1.NewDocumentServiceClient(connection), func(page *dalilv1.ListFailuresResponse) error {
			for _, f := range page.GetFailures() {
				if len(c.ID) == 0 || slices.Contains(c.ID, f.GetDocumentId()) {
					failed[f.GetDocumentId()] = true
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, id := range c.ID {
			if !failed[id] {
				return fmt.Errorf("document %q is not in the list of failures", id)
			}
		}
		written, still := 0, 0
		feed := make(chan corpus.Raw)
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error {
			defer close(feed)
			return c.again(ctx, failed, feed, func(err error) { fmt.Fprintf(s.err, "dalil: %s\n", plain(err.Error())) })
		})
		group.Go(func() error {
			return client.Ingest(ctx, connection, feed, func(r corpus.Receipt) {
				if r.Outcome == corpus.Failed {
					still++
					fmt.Fprintf(s.err, "dalil: %s: %s\n", oneLine(r.DocumentID), oneLine(r.Err.Error()))
					return
				}
				written++
			})
		})
		if err := group.Wait(); err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(failed)) {
			fmt.Fprintf(s.err, "dalil: %s: no document with this id is below the paths\n", oneLine(id))
		}
		still += len(failed)
		fmt.Fprintf(s.out, "%d written, %d failed\n", written, still)
		if still > 0 {
			return errPartly
		}
		return nil
	})
}

// again reads the paths, sends the documents that failed, and removes their ids from
// failed.
func (c *docsRetry) again(ctx context.Context, failed map[string]bool, feed chan<- corpus.Raw, report func(error)) error {
	for raw, err := range indexer.Walk(ctx, c.Paths, indexer.WalkOptions{}) {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !failed[raw.Document.ID]:
			continue
		case err != nil:
			report(err)
			continue
		}
		delete(failed, raw.Document.ID)
		select {
		case feed <- raw:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
