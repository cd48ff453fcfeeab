package grounding

import (
	"strings"

	"dalil/searcher/shingle"
)

// numberWords are the words of questions that ask for a number or a date, folded.
const numberWords = " when | how many | how much | how old | how long | how large | how big | how often | how far | what year | which year |" +
	" what date | which date | what day | which day | what time | what percentage | what number | which month | what month | which century | what century |" +
	" متي | كم | بكم | وكم | ومتي | اي عام | اي سنه | اي يوم | اي تاريخ | اي شهر | اي قرن | ما عدد | ما نسبه | ما تاريخ | ما حجم | ما مقدار "

// asksNumber reports whether a question asks for a number or a date.
func asksNumber(question string) bool {
	text := " " + strings.Map(func(r rune) rune {
		if r = shingle.Fold(r); r > 0 {
			return r
		}
		if r == 0 {
			return -1
		}
		return ' '
	}, question) + " "
	for words := range strings.SplitSeq(numberWords, "|") {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}
