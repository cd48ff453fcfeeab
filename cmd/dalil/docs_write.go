package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type docsPut struct {
	calling
	ID          string   `arg:"" help:"The document's id."`
	File        string   `arg:"" optional:"" default:"-" help:"The file with its content; -: standard input."`
	Fields      []string `name:"field" placeholder:"FIELD=VALUE" sep:"none" help:"Set a field: title, url, source, language, author, tags, groups, published_at, expires_at, visible_from, source_version or metadata.KEY. May be repeated."`
	MediaType   string   `placeholder:"TYPE" help:"Media type of the content, such as text/html (default: guessed from the file's name and its bytes)."`
	IfMatch     string   `placeholder:"ETAG" help:"Write the document only if the index has it with this etag, or with any (*)."`
	IfNoneMatch bool     `help:"Write the document only if the index does not have it."`
}

func (c *docsPut) Run(ctx context.Context, g *Globals, s streams) error {
	d, _, err := documentOf(c.ID, c.Fields, true)
	if err != nil {
		return fmt.Errorf("--field: %w", err)
	}
	from := s.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		from = f
		if d.Source == "" {
			d.Source = c.File
		}
	}
	content, err := io.ReadAll(io.LimitReader(from, corpus.MaxDocumentBytes+1))
	if err != nil {
		return fmt.Errorf("read the content: %w", err)
	}
	d.Content = &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: content, MediaType: c.MediaType}}
	request := &dalilv1.UpsertDocumentRequest{Document: d, IfMatch: c.IfMatch}
	if c.IfNoneMatch {
		request.IfNoneMatch = "*"
	}
	return c.documents(ctx, g, s, writing, func(documents dalilv1.DocumentServiceClient) error {
		ctx, cancel := c.limited(ctx)
		defer cancel()
		answer, err := documents.UpsertDocument(ctx, request, client.WaitForReady())
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.out, answer)
		}
		return printReceipt(s, answer.GetReceipt())
	})
}

type docsUpdate struct {
	calling
	ID      string   `arg:"" help:"The document's id."`
	Fields  []string `arg:"" name:"field" help:"FIELD=VALUE: url, source, language, author, tags and groups (between commas), published_at, expires_at, visible_from, source_version or metadata.KEY. FIELD= clears a field or removes a key. Numbers, true and false of metadata have their types; quotes make a string."`
	IfMatch string   `placeholder:"ETAG" help:"Change the document only if the index has it with this etag."`
}

func (c *docsUpdate) Run(ctx context.Context, g *Globals, s streams) error {
	d, paths, err := documentOf(c.ID, c.Fields, false)
	if err != nil {
		return err
	}
	return c.documents(ctx, g, s, writing, func(documents dalilv1.DocumentServiceClient) error {
		ctx, cancel := c.limited(ctx)
		defer cancel()
		answer, err := documents.UpdateDocument(ctx, &dalilv1.UpdateDocumentRequest{
			Document: d, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths}, IfMatch: c.IfMatch,
		}, client.WaitForReady())
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.out, answer)
		}
		return printReceipt(s, answer.GetReceipt())
	})
}

func printReceipt(s streams, r *dalilv1.Receipt) error {
	for _, w := range r.GetWarnings() {
		fmt.Fprintf(s.err, "warning: %s: %s\n", oneLine(r.GetDocumentId()), oneLine(w))
	}
	outcome := strings.ToLower(strings.TrimPrefix(r.GetOutcome().String(), "OUTCOME_"))
	_, err := fmt.Fprintf(s.out, "%s: %s\n", oneLine(r.GetDocumentId()), outcome)
	if err == nil && r.GetOutcome() == dalilv1.Outcome_OUTCOME_STALE {
		fmt.Fprintf(s.err, "the index has source version %d\n", r.GetNewerSourceVersion())
		return errPartly
	}
	return err
}

// documentOf reads FIELD=VALUE pairs. It returns the document and the paths of the fields,
// also of those with an empty value.
func documentOf(id string, fields []string, withTitle bool) (*dalilv1.DocumentInput, []string, error) {
	d := &dalilv1.DocumentInput{DocumentId: id}
	var paths []string
	for _, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" {
			return nil, nil, fmt.Errorf("%q must be FIELD=VALUE", field)
		}
		if err := setField(d, name, value, withTitle); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		paths = append(paths, name)
	}
	return d, paths, nil
}

func setField(d *dalilv1.DocumentInput, name, value string, withTitle bool) (err error) {
	if key, is := strings.CutPrefix(name, "metadata."); is {
		if value == "" {
			return nil
		}
		values, err := parseValues(value)
		if err != nil {
			return err
		}
		if d.Metadata == nil {
			d.Metadata = map[string]*structpb.Value{}
		}
		if d.Metadata[key] = values[0]; len(values) > 1 {
			d.Metadata[key] = structpb.NewListValue(&structpb.ListValue{Values: values})
		}
		return nil
	}
	text := map[string]*string{"url": &d.Url, "source": &d.Source, "language": &d.Language, "author": &d.Author}
	if withTitle {
		text["title"] = &d.Title
	}
	times := map[string]**timestamppb.Timestamp{"published_at": &d.PublishedAt, "expires_at": &d.ExpiresAt, "visible_from": &d.VisibleFrom}
	switch {
	case text[name] != nil:
		*text[name] = value
	case name == "tags" && value != "":
		for tag := range strings.SplitSeq(value, ",") {
			d.Tags = append(d.Tags, strings.TrimSpace(tag))
		}
	case name == "groups" && value != "":
		for group := range strings.SplitSeq(value, ",") {
			d.Groups = append(d.Groups, strings.TrimSpace(group))
		}
	case times[name] != nil && value != "":
		t, is := corpus.Moment(value)
		if !is {
			return fmt.Errorf("must be a time of RFC 3339 such as 2024-05-01T12:30:00Z, or a date, is %q", value)
		}
		*times[name] = timestamppb.New(t)
	case name == "source_version" && value != "":
		version, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fmt.Errorf("must be a whole number, is %q", value)
		}
		d.SourceVersion = &version
	}
	return nil // the server refuses the names of other fields
}

type docsDelete struct {
	calling
	filterFlags
	IDs    []string `arg:"" optional:"" name:"id" help:"Ids of documents."`
	All    bool     `help:"Delete every document."`
	DryRun bool     `help:"Print how many documents would be deleted, and some of their ids."`
}

func (c *docsDelete) Run(ctx context.Context, g *Globals, s streams) error {
	filter, err := c.filter()
	switch {
	case err != nil:
		return err
	case len(c.IDs) > 0 && (filter != nil || c.All || c.DryRun):
		return errors.New("ids cannot be combined with conditions, --all or --dry-run")
	case len(c.IDs) == 0 && filter == nil && !c.All:
		return errors.New("give ids, conditions such as --filter kind=draft, or --all")
	}
	return c.call(ctx, g, s, writing, func(connection grpc.ClientConnInterface) error {
		documents := dalilv1.NewDocumentServiceClient(connection)
		for _, id := range c.IDs {
			ctx, cancel := c.limited(ctx)
			answer, err := documents.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{DocumentId: id}, client.WaitForReady())
			cancel()
			switch {
			case err != nil:
				return err
			case c.JSON:
				err = printJSON(s.out, answer)
			default:
				err = printReceipt(s, answer.GetReceipt())
			}
			if err != nil {
				return err
			}
		}
		if len(c.IDs) > 0 {
			return nil
		}
		started, err := documents.DeleteDocuments(ctx, &dalilv1.DeleteDocumentsRequest{Filter: filter, All: c.All, ValidateOnly: c.DryRun}, client.WaitForReady())
		if err != nil {
			return err
		}
		op := started.GetOperation()
		if op.GetEndedAt() == nil {
			waiting := &reindexServer{c.Server, dalilv1.NewAdminServiceClient(connection), s.err}
			if op, err = waiting.await(ctx, op); err != nil {
				return err
			}
		}
		if c.JSON {
			return printJSON(s.out, &dalilv1.DeleteDocumentsResponse{Operation: op})
		}
		result := op.GetDeletion()
		if !c.DryRun {
			_, err = fmt.Fprintf(s.out, "%d of %d documents deleted\n", result.GetDeleted(), result.GetMatched())
			return err
		}
		fmt.Fprintf(s.out, "%d documents would be deleted\n", result.GetMatched())
		for _, id := range result.GetSampleDocumentIds() {
			fmt.Fprintln(s.out, oneLine(id))
		}
		return nil
	})
}
