package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

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
	IDs []string `arg:"" optional:"" name:"id" help:"Ids of documents that failed (default: all of them)."`
}

func (c *docsRetry) Help() string {
	return "Sources are read relative to the current folder, so run the command where \"dalil index\" was run. Documents whose source is not a file are listed. The exit code is 1 if a document was not written."
}

func (c *docsRetry) Run(ctx context.Context, g *Globals, s streams) error {
	return c.call(ctx, g, s, writing, func(connection grpc.ClientConnInterface) error {
		failed := map[string]*dalilv1.DocumentFailure{} // by id
		err := c.eachPage(ctx, dalilv1.NewDocumentServiceClient(connection), func(page *dalilv1.ListFailuresResponse) error {
			for _, f := range page.GetFailures() {
				if len(c.IDs) == 0 || slices.Contains(c.IDs, f.GetDocumentId()) {
					failed[f.GetDocumentId()] = f
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, id := range c.IDs {
			if failed[id] == nil {
				return fmt.Errorf("document %q is not in the list of failures", id)
			}
		}
		raws, unread := again(ctx, failed)
		written, still := 0, len(unread)
		for _, why := range unread {
			fmt.Fprintf(s.err, "dalil: %s\n", oneLine(why))
		}
		feed := make(chan corpus.Raw, len(raws))
		for _, raw := range raws {
			feed <- raw
		}
		close(feed)
		err = client.Ingest(ctx, connection, feed, func(r corpus.Receipt) {
			if r.Outcome == corpus.Failed {
				still++
				fmt.Fprintf(s.err, "dalil: %s: %s\n", oneLine(r.DocumentID), oneLine(r.Err.Error()))
				return
			}
			written++
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%d written, %d failed\n", written, still)
		if still > 0 {
			return errPartly
		}
		return nil
	})
}

// record matches the end of a source that is a record of a file.
var record = regexp.MustCompile(`:[0-9]+$`)

// again reads the documents of failures from their sources. unread says which cannot be read.
func again(ctx context.Context, failed map[string]*dalilv1.DocumentFailure) (raws []corpus.Raw, unread []string) {
	files := map[string]map[string]*dalilv1.DocumentFailure{} // failures by file and source
	for _, f := range failed {
		file := f.GetSource()
		if _, err := os.Stat(file); err != nil {
			file = record.ReplaceAllString(file, "")
		}
		if info, err := os.Stat(file); file == "" || err != nil || !info.Mode().IsRegular() {
			unread = append(unread, fmt.Sprintf("%s: its source %q is not a file here", f.GetDocumentId(), f.GetSource()))
			continue
		}
		if files[file] == nil {
			files[file] = map[string]*dalilv1.DocumentFailure{}
		}
		files[file][f.GetSource()] = f
	}
	for file, wanted := range files {
		for raw, err := range indexer.Walk(ctx, []string{file}, indexer.WalkOptions{}) {
			f := wanted[raw.Document.Source]
			if f == nil {
				continue
			}
			delete(wanted, raw.Document.Source)
			if err != nil {
				unread = append(unread, fmt.Sprintf("%s: %v", f.GetDocumentId(), err))
				continue
			}
			raw.Document.ID = f.GetDocumentId()
			raw.Document.Root = rootOf(raw.Document)
			raws = append(raws, raw)
		}
		for _, f := range wanted {
			unread = append(unread, fmt.Sprintf("%s: %s has no such record any more", f.GetDocumentId(), f.GetSource()))
		}
	}
	slices.Sort(unread)
	return raws, unread
}

// rootOf returns the folder that a walk read the document from, if its id is the end of its
// source. Otherwise it returns the file's folder.
func rootOf(d corpus.Document) string {
	stem := strings.TrimSuffix(d.Source, path.Ext(d.Source))
	for _, name := range []string{d.Source, stem} {
		if folder, is := strings.CutSuffix(name, d.ID); is && (folder == "" || strings.HasSuffix(folder, "/")) {
			if folder == "" {
				folder = "."
			}
			if root, err := indexer.Root(folder); err == nil {
				return root
			}
		}
	}
	return d.Root
}
