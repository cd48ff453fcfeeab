package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	dalilv1 "dalil/proto/dalil/v1"
)

// sources are what the language model answers from.
type sources struct {
	text     string
	blocks   []*dalilv1.ContextBlock
	evidence dalilv1.Evidence
}

// tries is how often Dalil is asked without documents that contain instructions to
// the model.
const tries = 3

// findSafe gets the context of a question. If a block contains instructions to the
// model, it asks again without its document, because that may have taken the place
// of others. At the end it removes such blocks.
func findSafe(ctx context.Context, x *index, question string, tokens int32, errs io.Writer) (*sources, error) {
	var without []string
	for try := 1; ; try++ {
		s, err := find(ctx, x, question, tokens, without)
		if err != nil {
			return nil, err
		}
		left := s.withoutInstructions()
		for _, b := range left {
			fmt.Fprintf(errs, "left out, because it contains instructions to the model: %s\n", name(b))
			without = append(without, b.GetDocument().GetDocumentId())
		}
		if len(left) == 0 || try == tries {
			return s, nil
		}
	}
}

// find gets the context of a question from Dalil, without some documents.
func find(ctx context.Context, x *index, question string, tokens int32, without []string) (*sources, error) {
	request := &dalilv1.BuildContextRequest{Query: question, MaxTokens: &tokens, Format: dalilv1.ContextFormat_CONTEXT_FORMAT_XML}
	if len(without) > 0 {
		those := &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID, Values: without}}}
		request.Filter = &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: those}}
	}
	answer, err := x.searches.BuildContext(ctx, request)
	if err != nil {
		return nil, x.failed("get the context", err)
	}
	return &sources{answer.GetText(), answer.GetBlocks(), answer.GetEvidence()}, nil
}

// answer reports whether the context may contain an answer.
func (s *sources) answer() bool {
	return len(s.blocks) > 0 && s.evidence != dalilv1.Evidence_EVIDENCE_NONE
}

// withoutInstructions removes the blocks with instructions to a language model, and
// returns them. Each block is one element of the text, and nothing in a
// block can end its element.
func (s *sources) withoutInstructions() (left []*dalilv1.ContextBlock) {
	s.blocks = slices.DeleteFunc(s.blocks, func(b *dalilv1.ContextBlock) bool {
		if !slices.Contains(b.GetFlags(), dalilv1.ContextFlag_CONTEXT_FLAG_INSTRUCTION_LIKE) {
			return false
		}
		left = append(left, b)
		start := strings.Index(s.text, `<document index="`+b.GetCitation()+`">`)
		if end := strings.Index(s.text[max(start, 0):], "</document>\n"); start >= 0 && end >= 0 {
			s.text = s.text[:start] + s.text[start+end+len("</document>\n"):]
		}
		return true
	})
	return left
}

// marker is a citation in an answer: [1], [1, 2]. Some models write wide brackets: 【1】, 【1†source】.
var marker = regexp.MustCompile(`[\[［【]\s*([0-9٠-٩۰-۹]+(?:\s*[,،;]\s*[0-9٠-٩۰-۹]+)*)\s*(?:†[^\]］】]{0,40})?[\]］】]`)

// digits are the number of one citation.
var digits = regexp.MustCompile(`[0-9٠-٩۰-۹]+`)

// link is an image, a link or an address that the model wrote: it could carry the
// conversation to a stranger.
var link = regexp.MustCompile(`!?\[([^\]\n]*)\]\([^)\n]*\)|<?\b[a-zA-Z][a-zA-Z+.-]*://\S+|<[^>\n]*>`)

// shown is an answer as a terminal may show it: without links, controls and
// overrides of the writing direction.
func shown(answer string) string {
	answer = link.ReplaceAllString(answer, "$1")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, answer))
}

// western writes a number in the digits that citations have.
func western(number string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '٠' <= r && r <= '٩':
			return r - '٠' + '0'
		case '۰' <= r && r <= '۹':
			return r - '۰' + '0'
		}
		return r
	}, number)
}

// print prints an answer, and the source of each of its citations in the order in
// which they first appear.
func (s *sources) print(out io.Writer, answer string) error {
	var b strings.Builder
	answer = shown(answer)
	b.WriteString(answer + "\n\n")
	seen := map[string]bool{}
	for _, found := range marker.FindAllStringSubmatch(answer, -1) {
		for _, written := range digits.FindAllString(found[1], -1) {
			number := western(written)
			if seen[number] {
				continue
			}
			seen[number] = true
			i := slices.IndexFunc(s.blocks, func(b *dalilv1.ContextBlock) bool { return b.GetCitation() == number })
			if i < 0 {
				fmt.Fprintf(&b, "[%s] is not a source of the context\n", written)
				continue
			}
			block := s.blocks[i]
			fmt.Fprintf(&b, "[%s] %s, bytes %d to %d\n", written, name(block), block.GetSpan().GetStart(), block.GetSpan().GetEnd())
		}
	}
	if len(seen) == 0 {
		b.WriteString("The answer has no citations.\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// name returns a name by which people can find the document of a block.
func name(b *dalilv1.ContextBlock) string {
	d := b.GetDocument()
	parts := []string{d.GetTitle(), cmp.Or(d.GetUrl(), d.GetSource(), d.GetDocumentId())}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}
