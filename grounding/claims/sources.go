package claims

import (
	"strings"

	"dalil/corpus"
	"dalil/lexical"
)

// sentence is one sentence of a source, or two of them that follow each other.
type sentence struct {
	source int
	start  int // of text in the source
	span   corpus.Span
	text   string
	sparse corpus.Sparse
	words  int
	facts  []fact
	dates  []dated
	times  []timeOfDay
	parts  [2]int // numbers of the two sentences; those of a single sentence are its own
}

func (s *sentence) single() bool { return s.parts[0] == s.parts[1] }

// read cuts the sources into sentences and pairs of them.
func (c *Checker) read(sources []corpus.Source) []sentence {
	encoder := lexical.NewEncoder(c.deps.Analyzer, sentenceTerms)
	var all []sentence
	add := func(i int, span corpus.Span) {
		text := sources[i].Text[span.Start:span.End]
		facts := c.extractor.facts(text)
		all = append(all, sentence{
			source: i, start: span.Start, span: trim(sources[i].Text, span), text: text,
			sparse: encoder.Passage("", text), words: len(c.deps.Analyzer.Words(text)), facts: facts, dates: datesOf(text, facts), times: timesOf(text),
			parts: [2]int{len(all), len(all)},
		})
	}
	for i := range sources {
		last := -1 // the number of the sentence before
		for _, span := range sentencesOf(sources[i].Text) {
			if strings.TrimSpace(sources[i].Text[span.Start:span.End]) == "" {
				continue
			}
			if len(all) >= mostSentences {
				return all
			}
			now := len(all)
			add(i, span)
			if last >= 0 { // what two sentences say together
				add(i, corpus.Span{Start: all[last].start, End: span.End})
				all[now+1].parts = [2]int{last, now}
			}
			last = now
		}
	}
	return all
}
