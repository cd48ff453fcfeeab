package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

type explainCommand struct {
	Document string `arg:"" help:"The id of the document."`

	searchCommand
}

func (c *explainCommand) Help() string {
	return "Says where a document is in the answer to a question, or at which step it was left out, with the numbers that decided. It takes the flags of \"dalil search\"; those that only shape what is printed (--limit, --view, --full, --neighbours, --debug) have no effect."
}

func (c *explainCommand) Run(ctx context.Context, g *Globals, s streams) error {
	search, err := c.request()
	if err != nil {
		return err
	}
	if search.History, err = c.turns(s); err != nil {
		return err
	}
	request := &dalilv1.ExplainDocumentRequest{Search: search, DocumentId: c.Document}
	answer, err := asked(ctx, &c.remote, g, s, c.Timeout, c.flag, func(ctx context.Context, searches dalilv1.SearchServiceClient) (*dalilv1.ExplainDocumentResponse, error) {
		return searches.ExplainDocument(ctx, request, client.WaitForReady())
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, answer)
	}
	return printExplained(s, answer)
}

// flag names the argument or flag that set a field of the request.
func (c *explainCommand) flag(field string) string {
	if field == "document_id" {
		return "the document's id"
	}
	return c.flagOf(strings.TrimPrefix(field, "search."))
}

// printExplained prints the cause, the arms and the words.
func printExplained(s streams, answer *dalilv1.ExplainDocumentResponse) error {
	out := bufio.NewWriter(s.out)
	fmt.Fprintln(out, answer.GetExplanation())
	for _, a := range answer.GetArms() {
		line := fmt.Sprintf("  %-8s %s", armName(a.GetArm()), strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(a.GetCause().String(), "ARM_CAUSE_"), "_", " ")))
		if a.Score != nil {
			line += fmt.Sprintf(", score %.3g", a.GetScore())
		}
		if a.Rank != nil {
			line += fmt.Sprintf(", rank %d", a.GetRank())
		}
		if a.LastScore != nil {
			line += fmt.Sprintf(" (rank %d has %.3g)", answer.GetDepth(), a.GetLastScore())
		}
		if a.Threshold != nil {
			line += fmt.Sprintf(", threshold %.3g", a.GetThreshold())
		}
		fmt.Fprintln(out, line)
	}
	for _, w := range answer.GetWords() {
		where := "in the document"
		switch {
		case w.GetIgnored():
			where = "a stop word, not searched"
		case !w.GetInIndex():
			where = "not in the index, nor a translation of it"
		case !w.GetInDocument():
			where = "not in the document"
		}
		fmt.Fprintf(out, "  %s: %s\n", oneLine(w.GetWord()), where)
	}
	return out.Flush()
}
