package chunker

import "dalil/corpus"

// StepByStep cuts like Sentences, but looks at every character.
func StepByStep(text string) (spans []corpus.Span) {
	s := scanner{text: text}
	for s.at < len(text) {
		end, ends := s.step()
		switch {
		case ends && s.markAt(end):
			s.at = end
		case ends:
			spans = append(spans, corpus.Span{Start: s.start, End: end})
			s.start, s.at = end, end
		}
	}
	if s.start < len(text) {
		spans = append(spans, corpus.Span{Start: s.start, End: len(text)})
	}
	return spans
}
