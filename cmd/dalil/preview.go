package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

type previewCommand struct {
	Paths []string `arg:"" name:"path" help:"Folders, files, globs, or - for JSON Lines on standard input."`

	remote
	Words   bool          `help:"Also print the words of each passage as the index has them: the stem, after = the normalised word if it differs. Stop words are in parentheses."`
	Timeout time.Duration `default:"30s" help:"How long to wait for the preview of one document. The first wait includes the start of the server."`
	JSON    bool          `help:"Print a PreviewDocumentResponse on one line for each document."`
}

func (c *previewCommand) Help() string {
	return "Prints how documents would be indexed: title, language, passages, tokens and the warnings of the parser. Nothing is written. The exit code is 1 if a document cannot be read."
}

func (c *previewCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: must be above 0, is %v", c.Timeout)
	}
	if err := indexer.Check(c.Paths, nil); err != nil {
		return err
	}
	connection, closeAll, err := c.dialOr(ctx, g, s, app.OpenDryRun)
	if err != nil {
		return err
	}
	defer closeAll()
	documents, failed := 0, 0
	for raw, err := range indexer.Walk(ctx, c.Paths, indexer.WalkOptions{Stdin: s.in}) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var answer *dalilv1.PreviewDocumentResponse
		if err == nil {
			answer, err = c.preview(ctx, connection, raw)
		}
		if err != nil {
			failed++
			fmt.Fprintf(s.err, "dalil: %s: %s\n", oneLine(cmp.Or(raw.Document.Source, raw.Document.ID)), plain(err.Error()))
			continue
		}
		if documents++; c.JSON {
			err = printJSON(s.out, answer)
		} else {
			err = c.print(s, answer)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case failed > 0:
		return errPartly
	case documents == 0:
		return errors.New("no document found in the paths")
	}
	return nil
}

// preview asks for one preview, in the time that it may take.
func (c *previewCommand) preview(ctx context.Context, connection grpc.ClientConnInterface, raw corpus.Raw) (*dalilv1.PreviewDocumentResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	answer, err := client.Preview(ctx, connection, raw, client.WaitForReady())
	if err != nil {
		return nil, readable(err, c.Server, func(field string) string { return field })
	}
	return answer, nil
}

// print prints the document, and each passage with its size and its beginning.
func (c *previewCommand) print(s streams, answer *dalilv1.PreviewDocumentResponse) error {
	out := bufio.NewWriter(s.out)
	d := answer.GetDocument()
	outcome := map[dalilv1.Outcome]string{
		dalilv1.Outcome_OUTCOME_INDEXED: "would be written", dalilv1.Outcome_OUTCOME_UNCHANGED: "is in the index already",
		dalilv1.Outcome_OUTCOME_STALE: "is older than the version in the index",
	}[answer.GetOutcome()]
	fmt.Fprintf(out, "%s: %s\n", oneLine(d.GetDocumentId()), outcome)
	for _, line := range []struct{ name, value string }{
		{"title", d.GetTitle()}, {"language", d.GetLanguage()}, {"author", d.GetAuthor()}, {"url", d.GetUrl()}, {"tags", strings.Join(d.GetTags(), ", ")}, {"groups", strings.Join(d.GetGroups(), ", ")},
	} {
		if line.value != "" {
			fmt.Fprintf(out, "  %-9s %s\n", line.name, oneLine(line.value))
		}
	}
	if at := d.GetPublishedAt(); at != nil {
		fmt.Fprintf(out, "  %-9s %s\n", "published", at.AsTime().Format(time.RFC3339))
	}
	for _, w := range answer.GetWarnings() {
		fmt.Fprintf(out, "  %-9s %s\n", "warning", oneLine(w))
	}
	for _, p := range answer.GetPassages() {
		size := fmt.Sprintf("%d bytes", len(p.GetText()))
		if p.Tokens != nil {
			size += fmt.Sprintf(", %d tokens", p.GetTokens())
		}
		fmt.Fprintf(out, "  passage %d (%s)", p.GetOrdinal()+1, size)
		if path := p.GetHeadingPath(); len(path) > 0 {
			fmt.Fprintf(out, " %s", oneLine(strings.Join(path, " > ")))
		}
		fmt.Fprintf(out, "\n    %s\n", beginning(oneLine(p.GetText())))
		if c.Words {
			fmt.Fprintf(out, "    words: %s\n", words(p.GetWords()))
		}
	}
	return out.Flush()
}

// words joins the stems of a passage's words.
func words(from []*dalilv1.PreviewWord) string {
	all := make([]string, len(from))
	for i, w := range from {
		all[i] = w.GetTerm()
		if w.GetTerm() != w.GetWord() {
			all[i] += "=" + w.GetWord()
		}
		if w.GetStop() {
			all[i] = "(" + all[i] + ")"
		}
	}
	return oneLine(strings.Join(all, " "))
}

// beginning returns the first letters of a line.
func beginning(line string) string {
	const most = 100
	if letters := []rune(line); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return line
}
