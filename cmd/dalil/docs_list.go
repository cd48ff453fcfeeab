package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

type docsList struct {
	calling
	filterFlags
	Order      string `enum:"id,published,updated" type:"choice" default:"id" help:"Order of the documents: id, published or updated."`
	Descending bool   `help:"Reverse the order."`
	Limit      int    `short:"n" default:"50" help:"Number of documents to print; 0: all."`
	Total      bool   `help:"Also print how many documents there are."`
}

var documentOrders = map[string]dalilv1.DocumentOrder{
	"id": dalilv1.DocumentOrder_DOCUMENT_ORDER_ID, "published": dalilv1.DocumentOrder_DOCUMENT_ORDER_PUBLISHED, "updated": dalilv1.DocumentOrder_DOCUMENT_ORDER_UPDATED,
}

func (c *docsList) Help() string {
	return "Prints one document a line, with tabs between: id, language, date of publication (with --order updated: time of the last write), number of passages, title. A - stands for what is unknown."
}

func (c *docsList) Run(ctx context.Context, g *Globals, s streams) error {
	if c.Limit < 0 {
		return fmt.Errorf("--limit: must be 0 or more, is %d", c.Limit)
	}
	filter, err := c.filter()
	if err != nil {
		return err
	}
	request := &dalilv1.ListDocumentsRequest{Filter: filter, Order: documentOrders[c.Order], Descending: c.Descending, IncludeTotalSize: c.Total}
	return c.documents(ctx, g, s, reading, func(documents dalilv1.DocumentServiceClient) error {
		for left := c.Limit; ; {
			size := int32(100)
			if c.Limit > 0 {
				size = int32(min(left, 100))
			}
			request.PageSize = &size
			ctx, cancel := c.limited(ctx)
			page, err := documents.ListDocuments(ctx, request, client.WaitForReady())
			cancel()
			if err != nil {
				return err
			}
			if err := c.print(s.out, page); err != nil {
				return err
			}
			left -= len(page.GetDocuments())
			if page.GetNextPageToken() == "" || c.Limit > 0 && left <= 0 {
				if c.Total && !c.JSON {
					fmt.Fprintf(s.err, "%d documents\n", page.GetTotalSize())
				}
				return nil
			}
			request.PageToken = page.GetNextPageToken()
		}
	})
}

// print prints one document a line: id, language, date, passages, title.
func (c *docsList) print(out io.Writer, page *dalilv1.ListDocumentsResponse) error {
	if c.JSON {
		return printJSON(out, page)
	}
	lines := bufio.NewWriter(out)
	for _, d := range page.GetDocuments() {
		at := "-"
		switch {
		case c.Order == "updated" && d.GetUpdatedAt() != nil:
			at = d.GetUpdatedAt().AsTime().Format(time.RFC3339)
		case d.GetPublishedAt() != nil:
			at = d.GetPublishedAt().AsTime().Format(time.DateOnly)
		}
		language := d.GetLanguage()
		if language == "" {
			language = "-"
		}
		fmt.Fprintf(lines, "%s\t%s\t%s\t%d\t%s\n", oneLine(d.GetDocumentId()), language, at, d.GetPassages(), oneLine(d.GetTitle()))
	}
	return lines.Flush()
}

type docsGet struct {
	calling
	ID       string `arg:"" help:"The document's id."`
	Passages bool   `help:"Print the passages with their ids instead of the text."`
}

func (c *docsGet) Run(ctx context.Context, g *Globals, s streams) error {
	return c.documents(ctx, g, s, reading, func(documents dalilv1.DocumentServiceClient) error {
		withText := !c.Passages
		request := &dalilv1.GetDocumentRequest{DocumentId: c.ID, IncludeText: &withText, IncludePassages: c.Passages}
		var whole *dalilv1.GetDocumentResponse
		for {
			ctx, cancel := c.limited(ctx)
			page, err := documents.GetDocument(ctx, request, client.WaitForReady())
			cancel()
			if err != nil {
				return err
			}
			request.TextPageToken, request.PassagePageToken = page.GetNextTextPageToken(), page.GetNextPassagePageToken()
			page.NextTextPageToken, page.NextPassagePageToken = "", ""
			if whole == nil {
				whole = page
			} else {
				whole.Passages = append(whole.Passages, page.GetPassages()...)
				if withText {
					text := whole.GetDocument().GetText() + page.GetDocument().GetText()
					whole.Document.Text = &text
				}
			}
			if request.TextPageToken == "" && request.PassagePageToken == "" {
				break
			}
		}
		if c.JSON {
			return printJSON(s.out, whole)
		}
		return printDocument(s.out, whole)
	})
}

// printDocument prints the fields of a document, and its text or its passages.
func printDocument(to io.Writer, answer *dalilv1.GetDocumentResponse) error {
	out, d := bufio.NewWriter(to), answer.GetDocument()
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(out, "%-14s %s\n", name, oneLine(value))
		}
	}
	field("id", d.GetDocumentId())
	field("title", d.GetTitle())
	field("language", d.GetLanguage())
	field("author", d.GetAuthor())
	field("url", d.GetUrl())
	field("source", d.GetSource())
	field("tags", strings.Join(d.GetTags(), ", "))
	field("groups", strings.Join(d.GetGroups(), ", "))
	if d.GetPublishedAt() != nil {
		field("published_at", d.GetPublishedAt().AsTime().Format(time.RFC3339))
	}
	if d.GetVisibleFrom() != nil {
		field("visible_from", d.GetVisibleFrom().AsTime().Format(time.RFC3339))
	}
	if d.GetExpiresAt() != nil {
		field("expires_at", d.GetExpiresAt().AsTime().Format(time.RFC3339))
	}
	for _, key := range slices.Sorted(maps.Keys(d.GetMetadata())) {
		field("metadata."+key, valueText(d.GetMetadata()[key]))
	}
	field("etag", d.GetEtag())
	field("passages", fmt.Sprint(d.GetPassages()))
	for _, p := range answer.GetPassages() {
		fmt.Fprintf(out, "\n%s  %d\n%s\n", p.GetPassageId(), p.GetOrdinal(), printable(p.GetText()))
	}
	if d.Text != nil {
		fmt.Fprintf(out, "\n%s\n", printable(d.GetText()))
	}
	return out.Flush()
}

// valueText prints a metadata value; the items of a list are between commas.
func valueText(v *structpb.Value) string {
	if list := v.GetListValue(); list != nil {
		items := make([]string, len(list.GetValues()))
		for i, item := range list.GetValues() {
			items[i] = valueText(item)
		}
		return strings.Join(items, ", ")
	}
	return fmt.Sprint(v.AsInterface())
}
