package embedder

import "unicode/utf8"

// EstimateTokens returns how many tokens a text has at most, without special ones,
// for models whose tokenizer is not available. A run of ASCII letters counts one
// for every four, or part of four. A capital letter inside it counts one by
// itself, because acronyms fall apart. Every other character counts half its
// bytes, rounded up. Blanks count nothing. Two texts joined count at most the sum.
// Passages depend on the estimate, so it must not change. docs/embedders.md
// compares it with the counts of real tokenizers.
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
