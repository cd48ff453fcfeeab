package grounding

import (
	"strings"

	"golang.org/x/text/unicode/bidi"

	"dalil/corpus"
)

// flags returns the properties of a block's text that matter to a chatbot.
func flags(text string) []corpus.ContextFlag {
	var all []corpus.ContextFlag
	if strings.ContainsFunc(text, func(r rune) bool { return control(r) || corpus.Hidden(r) }) {
		all = append(all, corpus.HiddenCharacters)
	}
	if instructs(text) {
		all = append(all, corpus.InstructionLike)
	}
	if mixed(text) {
		all = append(all, corpus.MixedDirection)
	}
	return all
}

// mixed reports whether a text has strong characters of both directions (UAX 9).
func mixed(text string) bool {
	var left, right bool
	for _, r := range text {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			left = true
		case bidi.R, bidi.AL:
			right = true
		}
		if left && right {
			return true
		}
	}
	return false
}
