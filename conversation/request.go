package conversation

import (
	"strings"
	"unicode"

	"dalil/lexical"
)

// requests are the words that may come before a question: "could you please tell me", "أريد أن أعرف". They are left out
// only if one of them is an anchor and a question word follows.
var (
	requests = set(`please kindly can could would will may you tell me us let know i we want wanted need like love to do have a the quick question am was just wondering
		excuse ask
		هل يمكنك يمكنكم يمكن يمكنني ان تخبرني تخبرنا اخبرني اخبرنا اخبريني قل لي اريد اود ارغب احب معرفه اعرف ممكن عندي لدي سوال سريع تعرف تعلم لو سمحت سمحتم فضلك فضلكم رجاء`)
	anchors = set("please kindly tell know question wondering excuse ask تخبرني تخبرنا اخبرني اخبرنا اخبريني قل معرفه اعرف سوال تعرف تعلم سمحت سمحتم فضلك فضلكم رجاء")
	askers  = set(`what when where who whom whose which how why is are was were does did do can could
		من ما متي اين كيف كم لماذا هل اي ماذا ماهي ماهو بماذا بكم لمن في`)
	subjects = set("i we you")
	knows    = set("know ask معرفه اعرف تعرف تعلم")
	// openings begin a message beside courtesies, with a punctuation mark behind them. They say nothing about whether the
	// question after them follows up.
	openings = phrases("thanks", "thank you", "ok", "okay", "great", "perfect", "cool", "alright", "all right", "sorry", "actually", "by the way", "wait", "hmm",
		"new question", "another question", "next question", "one more question", "one more thing", "now something else", "something else",
		"شكرا", "حسنا", "تمام", "طيب", "ممتاز", "رايع", "عذرا", "بالمناسبه", "سوال اخر", "سوال جديد", "سوال ثاني")
	closings = phrases("thanks", "thank you", "thanks a lot", "many thanks", "thank you very much", "thank you so much", "thanks in advance", "please",
		"شكرا", "شكرا جزيلا", "شكرا لك", "شكرا لكم", "مع الشكر", "من فضلك", "من فضلكم", "لو سمحت", "لو سمحتم", "رجاء")
)

// lasts are the last words of closings.
var lasts = func() map[string]bool {
	all := map[string]bool{}
	for _, some := range closings {
		for _, phrase := range some {
			all[phrase[len(phrase)-1]] = true
		}
	}
	return all
}()

// Request returns the question in a message: the text without the greeting before it, the words that only ask for an answer
// ("could you please tell me when …") and the thanks behind it. They would count as words that no passage has. A text that
// has nothing else, or does not seem to have any of them, is returned as it is.
func (r *Reader) Request(text string) string {
	if !r.mayHaveCourtesies(text) {
		return text
	}
	words := r.analyzer.Words(text)
	if len(words) < 3 {
		return text
	}
	first := greeting(text, words)
	first += request(words[first:])
	last := closing(text, words, first)
	if first == 0 && last == len(words) || !meaningful(words[first:last]) || courteous(words[first:last]) {
		return text
	}
	end := len(text)
	if last < len(words) {
		end = words[last].Span.Start
	}
	return strings.TrimRightFunc(text[words[first].Span.Start:end], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",،;؛-–—", r) })
}

// mayHaveCourtesies looks at the first and the last word alone, because few questions have any.
func (r *Reader) mayHaveCourtesies(text string) bool {
	var room [4]lexical.Term
	in := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsNumber(c) }
	out := func(c rune) bool { return !in(c) }
	text = strings.TrimFunc(text, out)
	first := text
	if i := strings.IndexFunc(text, out); i > 0 {
		first = text[:i]
	}
	for _, w := range r.analyzer.AppendWords(room[:0], first) {
		if courtesies[w.Word] != nil || openings[w.Word] != nil || requests[w.Word] || w.Word == "من" {
			return true
		}
	}
	for _, w := range r.analyzer.AppendWords(room[:0], text[strings.LastIndexFunc(text, out)+1:]) {
		if lasts[w.Word] {
			return true
		}
	}
	return false
}

// greeting returns how many words are a greeting or another opening. A punctuation mark, or behind a greeting a word that asks,
// follows it.
func greeting(text string, words []lexical.Term) int {
	end, opened := 0, false
	for end < len(words) {
		n := longest(courtesies, words[end:])
		if m := longest(openings, words[end:]); m > n {
			n, opened = m, true
		}
		if n == 0 {
			break
		}
		end += n
	}
	if end == 0 || end == len(words) || !parted(text, words, end) && (opened || !asking(words[end])) {
		return 0
	}
	return end
}

// request returns how many words only ask for an answer. "I know what …", "You know what" and "Ask what …" do not.
func request(words []lexical.Term) int {
	anchored := false
	if len(words) > 1 && (knows[words[0].Word] || subjects[words[0].Word] && knows[words[1].Word]) {
		return 0
	}
	for i, w := range words {
		if w.Word == "من" && i+1 < len(words) && strings.HasPrefix(words[i+1].Word, "فضلك") {
			continue // من فضلك: please
		}
		if anchored && asking(w) && !requests[w.Word] {
			return i
		}
		if !requests[w.Word] {
			return 0
		}
		anchored = anchored || anchors[w.Word]
	}
	return 0
}

// asking reports whether a question may begin with a word.
func asking(w lexical.Term) bool { return askers[strings.TrimPrefix(w.Word, "و")] || askers[w.Word] }

// closing returns where the words of the thanks begin that end a text. They are behind a punctuation mark.
func closing(text string, words []lexical.Term, first int) int {
	for start := len(words) - 1; start > first && start >= len(words)-4; start-- {
		for _, phrase := range closings[words[start].Word] {
			if start+len(phrase) == len(words) && begin(words[start:], phrase) && parted(text, words, start) {
				return start
			}
		}
	}
	return len(words)
}

// parted reports whether a punctuation mark is before a word.
func parted(text string, words []lexical.Term, i int) bool {
	return strings.ContainsFunc(text[words[i-1].Span.End:words[i].Span.Start], unicode.IsPunct)
}
