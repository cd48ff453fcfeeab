package conversation

import (
	"strings"
	"unicode"

	"dalil/lexical"
)

// Words that pick one of several things, and units of time, which say nothing more beside them or a number.
var (
	ranks = set(`one ones first second third fourth fifth sixth seventh eighth ninth tenth last next previous latter former
		الاول الاولي الثاني الثانيه الثالث الثالثه الرابع الرابعه الخامس الخامسه السادس السادسه السابع السابعه الثامن الثامنه التاسع التاسعه العاشر العاشره
		الاخير الاخيره السابق السابقه التالي التاليه الماضي الماضيه القادم القادمه المقبل المقبله`)
	periods = set("year years month months week weeks day days عام العام سنه السنه شهر الشهر اسبوع الاسبوع يوم اليوم")
)

// selects reports whether a question has no words of its own but numbers, ranks and units of time, and one of the first two.
func selects(words []lexical.Term) bool {
	found := false
	for _, w := range words {
		word := w.Word
		if rest, and := strings.CutPrefix(word, "و"); and && (ranks[rest] || periods[rest]) {
			word = rest
		}
		switch {
		case ranks[word] || !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsNumber(r) }):
			found = true
		case !w.Stop && !empty(w) && !periods[word]:
			return false
		}
	}
	return found
}
