package timex

import "strings"

// anchors are words of which every expression without a number has one, beside those in
// the lists of months, days, units and decades. Names of months of two words begin with the first two.
var anchors = set("كانون تشرين today night evening weekend الليله")

// anchor reports whether a token can be the anchor of an expression. Most questions have
// none, and no rule is tried on them.
func anchor(t token) bool {
	if t.kind != wordToken {
		return t.kind == numberToken
	}
	word := t.text
	if anchoring(word) {
		return true
	}
	if word[0] < 0x80 {
		return false
	}
	word, joined := strings.CutPrefix(word, "و")
	if joined && anchoring(word) {
		return true
	}
	word, definite := strings.CutPrefix(word, "ال")
	return definite && anchoring(word)
}

func anchoring(word string) bool {
	_, weekday := weekdays[word]
	return weekday || anchors[word] || yesterday[word] || months[word] > 0 || decades[word] > 0 || units[word].unit != noUnit
}
