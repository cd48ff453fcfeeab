package embedder

import "unicode/utf8"

// EstimateTokens returns how many tokens a text has at most, without special ones,
// where the model's tokenizer is not known: a run of ASCII letters counts one
// for every four, or part of four; a capital letter within it counts one by
// itself, as acronyms fall apart; every other character counts half its bytes,
// rounded up; blanks count nothing. Of two texts joined it is at most the sum.
// It is a part of what cuts passages, so it stays as it is; docs/embedders.md
// has how far above the counts of real tokenizers it lies.
func EstimateTokens(text string) int {
	n, run := 0, 0
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z' && run == 0:
			if run%4 == 0 {
				n++
			}
			run++
			i++
		case 'A' <= c && c <= 'Z':
			n++
			run = 1
			i++
		case c < utf8.RuneSelf:
			if c != ' ' {
				n++
			}
			run = 0
			i++
		default:
			_, size := utf8.DecodeRuneInString(text[i:])
			n += (size + 1) / 2
			run = 0
			i += size
		}
	}
	return n
}
