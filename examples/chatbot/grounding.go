package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	dalilv1 "dalil/proto/dalil/v1"
)

// supported is the support from which a sentence counts as supported.
const supported = 0.5

// check asks Dalil how far the sources support an answer.
func (s *sources) check(ctx context.Context, x *index, answer string) (*dalilv1.CheckGroundingResponse, error) {
	checked, err := x.searches.CheckGrounding(ctx, &dalilv1.CheckGroundingRequest{Answer: answer, Texts: s.texts()})
	if err != nil {
		return nil, x.failed("check the answer", err)
	}
	return checked, nil
}

// texts returns the texts of the blocks, each at the position of its citation. A block that was left out has no text.
func (s *sources) texts() []string {
	var texts []string
	for _, b := range s.blocks {
		n, err := strconv.Atoi(b.GetCitation())
		if err != nil || n < 1 {
			continue
		}
		for len(texts) < n {
			texts = append(texts, "-")
		}
		texts[n-1] = b.GetText()
	}
	return texts
}

// printGrounding says how far an answer is supported, and which sentences are not.
func printGrounding(out io.Writer, checked *dalilv1.CheckGroundingResponse) error {
	if checked.Support == nil {
		return nil
	}
	if _, err := fmt.Fprintf(out, "\nSupported by the sources: %.0f %%\n", 100*checked.GetSupport()); err != nil {
		return err
	}
	for _, c := range checked.GetClaims() {
		var problems []string
		switch {
		case !c.GetNeedsSupport():
		case c.GetSupport() < supported:
			problems = append(problems, "not supported")
		case c.GetCitedWrongly():
			problems = append(problems, "supported by another source than the one it cites")
		}
		for _, m := range c.GetMismatches() {
			problems = append(problems, fmt.Sprintf("%q is not in the source", m.GetClaimText()))
		}
		for _, p := range problems {
			if _, err := fmt.Fprintf(out, "- %s: %s\n", p, shown(c.GetText())); err != nil {
				return err
			}
		}
	}
	return nil
}
