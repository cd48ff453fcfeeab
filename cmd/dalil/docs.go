package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"

	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// docsCommand has the commands about single documents.
type docsCommand struct {
	List     docsList     `cmd:"" help:"List documents."`
	Get      docsGet      `cmd:"" help:"Print a document with its text."`
	Put      docsPut      `cmd:"" help:"Write one document from a file or standard input."`
	Update   docsUpdate   `cmd:"" help:"Change fields of a document. Nothing is embedded again."`
	Delete   docsDelete   `cmd:"" help:"Delete documents by their ids, or those that a condition keeps."`
	Failures docsFailures `cmd:"" help:"List the documents that the server could not write."`
	Retry    docsRetry    `cmd:"" help:"Read the files of documents that failed, and write them again."`
}

// calling has the flags of commands that make calls about documents.
type calling struct {
	remote
	Timeout time.Duration `default:"30s" help:"How long to wait for one answer. The first wait includes the start of the server."`
	JSON    bool          `help:"Print each answer as one line of JSON, as docs/json.md describes it."`
}

// call opens a connection and calls do with it. Without --server, it opens the local store
// with opens.
func (c *calling) call(ctx context.Context, g *Globals, s streams, opens opener, do func(grpc.ClientConnInterface) error) error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: must be above 0, is %v", c.Timeout)
	}
	connection, closeAll, err := c.dialOr(ctx, g, s, opens)
	if err != nil {
		return err
	}
	defer closeAll()
	err = do(connection)
	switch {
	case err == nil || errors.Is(err, errPartly):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return readable(err, c.Server, documentFlag)
}

// documentFlag names the argument or flag that set a field of a request about documents.
func documentFlag(field string) string {
	switch {
	case field == "document_id" || field == "document.document_id":
		return "the id"
	case field == "page_size" || strings.HasPrefix(field, "facets[") && strings.HasSuffix(field, ".limit"):
		return "--limit"
	case strings.HasPrefix(field, "facets["):
		return "the field to count"
	case field == "filter" || strings.HasPrefix(field, "filter."):
		return "--filter"
	case strings.HasPrefix(field, "update_mask"):
		return "the field to change"
	}
	return field
}

// reading and writing are how a command opens the local store.
var reading, writing = opener(app.OpenReading), opener(app.Open)

// documents calls do with the client of the documents.
func (c *calling) documents(ctx context.Context, g *Globals, s streams, opens opener, do func(dalilv1.DocumentServiceClient) error) error {
	return c.call(ctx, g, s, opens, func(connection grpc.ClientConnInterface) error {
		return do(dalilv1.NewDocumentServiceClient(connection))
	})
}

// limited returns a context for one call.
func (c *calling) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.Timeout)
}
